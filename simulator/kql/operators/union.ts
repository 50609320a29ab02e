import { fitsPattern, freeName } from '../compile/columns.ts';
import { compileTableName, compileTabular } from '../compile/query.ts';
import type { Names, Relation, Scope } from '../compile/scope.ts';
import { KqlError, unsupportedAt } from '../errors.ts';
import { itemsOf, parametersOf, type Syntax } from '../syntax.ts';
import { type KqlColumn, type KqlType, nullOf } from '../values/types.ts';

interface Leg {
  source: string;
  relation: Relation;
}

/** A column of the result: where its cells stand under in the legs. */
interface Merged extends KqlColumn {
  origin: string;
}

/** Names that a pattern stands for: tables, and views that let declares. */
function namesFitting(pattern: string, scope: Scope): string[] {
  const views: string[] = [];
  for (let at: Names | undefined = scope.names; at; at = at.outer) {
    for (const [name, binding] of at.bindings) {
      if (binding.kind === 'function' && binding.declaration.text.startsWith('view')) views.push(name);
    }
  }
  return [...scope.context.tableNames(), ...views].filter((name) => fitsPattern(name, pattern));
}

function legsOf(item: Syntax, index: number, scope: Scope, fuzzy: boolean): Leg[] {
  if (item.kind === 'NameReference' && item.value.includes('*')) {
    return namesFitting(item.value, scope).map((name) => ({
      source: name,
      relation: compileTableName(item, name, scope),
    }));
  }
  const source = item.kind === 'NameReference' ? item.value : `union_arg${index}`;
  try {
    return [{ source, relation: compileTabular(item, scope) }];
  } catch (error) {
    // isfuzzy=true: a leg that names an unknown table is left out
    if (fuzzy && error instanceof KqlError && /does not refer to any known table/.test(error.message)) return [];
    throw error;
  }
}

/** The columns of all legs: by name, or by name and type where a name has several types. */
function columnsOf(legs: readonly Leg[], inner: boolean): Merged[] {
  const types = new Map<string, Set<KqlType>>();
  for (const { relation } of legs) {
    for (const { name, type } of relation.columns) types.set(name, (types.get(name) ?? new Set()).add(type));
  }
  const clashes = (name: string) => (types.get(name)?.size ?? 0) > 1;
  const taken = new Set([...types.keys()].filter((name) => !clashes(name)));
  const columns: Merged[] = [];
  // the columns of one name stand together, where the name stands first
  for (const [origin, kinds] of types) {
    for (const type of kinds) {
      const name = clashes(origin) ? freeName(`${origin}_${type}`, taken) : origin;
      taken.add(name);
      columns.push({ name, type, origin });
    }
  }
  const everywhere = ({ origin, type }: Merged) =>
    legs.every(({ relation }) => relation.columns.some((other) => other.name === origin && other.type === type));
  return inner ? columns.filter(everywhere) : columns;
}

/** For each result column, the place of its cell in a leg's rows; -1 where the leg lacks it. */
function placesOf(columns: readonly Merged[], leg: Relation): number[] {
  return columns.map(({ origin, type }) => leg.columns.findIndex((own) => own.type === type && own.name === origin));
}

/** `union`: the rows of all tables; kind=outer unless it says inner. */
export function compileUnion(node: Syntax, input: Relation | undefined, scope: Scope): Relation {
  const parameters = parametersOf(node);
  for (const name of parameters.keys()) {
    if (!/^(kind|withsource|isfuzzy|hint\..*)$/.test(name)) throw unsupportedAt(node, `union ${name}=`);
  }
  const fuzzy = parameters.get('isfuzzy')?.text.toLowerCase() === 'true';
  const start: Leg[] = input ? [{ source: 'union_arg0', relation: input }] : [];
  const items = itemsOf(node, 'Expressions');
  const legs = [...start, ...items.flatMap((item, i) => legsOf(item, i + start.length, scope, fuzzy))];
  const source = parameters.get('withsource')?.value;
  const merged = columnsOf(legs, parameters.get('kind')?.text === 'inner');
  const columns = merged.map(({ name, type }): KqlColumn => ({ name, type }));
  const plans = legs.map(({ relation, source: name }) => ({ relation, name, places: placesOf(merged, relation) }));
  const empty = columns.map((column) => nullOf(column.type));
  return {
    columns: source ? [{ name: source, type: 'string' }, ...columns] : columns,
    serialized: false,
    run(emit) {
      let open = true;
      for (const { relation, name, places } of plans) {
        if (!open) return;
        relation.run((row) => {
          const cells = places.map((place, i) => (place < 0 ? empty[i] : row[place]) ?? null);
          open = emit(source ? [name, ...cells] : cells);
          return open;
        });
      }
    },
  };
}
