import { compileConstant } from '../compile/expression.ts';
import { type Relation, relationOf, rowsOf, type Scope } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { childOf, itemsOf, need, type Syntax } from '../syntax.ts';
import { convertTo } from '../values/convert.ts';
import { unbox } from '../values/json.ts';
import {
  isArray,
  isBag,
  type KqlColumn,
  type KqlType,
  type KqlValue,
  keyOf,
  nullOf,
  type Row,
} from '../values/types.ts';
import { schemaColumns } from './sources.ts';

interface Settings {
  prefix: string;
  conflict: string;
  ignored: readonly KqlValue[];
}

/** A column of the result: a key of the bag, or a place in the input. */
interface Plan extends KqlColumn {
  key?: string;
  place?: number;
}

function settingsOf(args: readonly Syntax[], scope: Scope): Settings {
  const settings: Settings = { prefix: '', conflict: 'error', ignored: [] };
  const names = ['', 'OutputColumnPrefix', 'columnsConflict', 'ignoredProperties'];
  args.forEach((argument, i) => {
    if (i === 0) return;
    const named = argument.kind === 'SimpleNamedExpression';
    const name = named ? need(argument, 'Name').value : (names[i] ?? '');
    const { value } = compileConstant(named ? need(argument, 'Expression') : argument, scope);
    if (name === 'OutputColumnPrefix' && typeof value === 'string') settings.prefix = value;
    else if (name === 'columnsConflict' && typeof value === 'string') settings.conflict = value;
    else if (name === 'ignoredProperties' && isArray(value)) settings.ignored = value;
    else throw errorAt(argument, `bag_unpack() does not know ${argument.text}`);
  });
  return settings;
}

function typeOfItem(value: KqlValue): KqlType {
  const { type } = unbox(value);
  return type === 'array' || type === 'bag' || type === 'null' ? 'dynamic' : type;
}

/** The columns that bags hold, by name in alphabetical order; a key with several types is dynamic. */
function bagColumns(rows: readonly Row[], at: number, ignored: readonly KqlValue[]): KqlColumn[] {
  const types = new Map<string, KqlType>();
  for (const row of rows) {
    const bag = row[at] ?? null;
    if (!isBag(bag)) continue;
    for (const [key, item] of Object.entries(bag)) {
      if (ignored.includes(key)) continue;
      const known = types.get(key);
      if (item === null) {
        if (known === undefined) types.set(key, 'dynamic');
        continue;
      }
      const type = typeOfItem(item);
      types.set(key, known === undefined || known === type ? type : 'dynamic');
    }
  }
  return [...types].map(([name, type]) => ({ name, type })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `evaluate bag_unpack(bag)`: a column for each key; other plugins are refused. */
export function compileEvaluate(node: Syntax, input: Relation, scope: Scope): Relation {
  const call = need(node, 'FunctionCall');
  const name = need(call, 'Name').value;
  if (name !== 'bag_unpack') throw unsupportedAt(call, `the plugin ${name}()`);
  const args = itemsOf(need(call, 'ArgumentList'), 'Expressions');
  const column = args[0]?.value ?? '';
  const at = input.columns.findIndex((each) => each.name === column && each.type === 'dynamic');
  if (at < 0) throw errorAt(call, `bag_unpack() needs a dynamic column, not ${args[0]?.text ?? 'nothing'}`);
  const { prefix, conflict, ignored } = settingsOf(args, scope);
  const rows = rowsOf(input);
  const rest = input.columns.flatMap((each, i) => (i === at ? [] : [{ ...each, i }]));
  const schema = childOf(node, 'Schema');
  const declared = schema ? need(schema, 'Schema') : undefined;
  const wanted = declared
    ? schemaColumns(declared).map(({ name: own, type }) => ({ key: own, name: own, type }))
    : bagColumns(rows, at, ignored).map(({ name: key, type }) => ({ key, name: `${prefix}${key}`, type }));
  const keepsRest = !declared || childOf(declared, 'AsteriskToken') !== undefined;
  const clashes = wanted.filter((each) => rest.some((own) => own.name === each.name));
  if (clashes.length > 0 && conflict === 'error' && !declared) {
    throw errorAt(call, `bag_unpack() gives a second column '${clashes[0]?.name}'`);
  }
  const replaced = conflict === 'replace_source' ? clashes : [];
  const kept: Plan[] = !keepsRest
    ? []
    : rest.map(({ name: own, type, i }) => {
        const key = replaced.find((each) => each.name === own);
        return key ? { ...key } : { name: own, type, place: i };
      });
  const made = wanted.filter((each) => !(conflict === 'keep_source' ? clashes : replaced).includes(each));
  const read = (row: Row, key: string, type: KqlType): KqlValue => {
    const bag = row[at] ?? null;
    const item = isBag(bag) ? (keyOf(bag, key) ?? null) : null;
    return item === null ? nullOf(type) : convertTo(item, 'dynamic', type);
  };
  const plan: Plan[] = [...kept, ...made];
  return relationOf(
    plan.map(({ name: own, type }) => ({ name: own, type })),
    () =>
      rows.map((row) =>
        plan.map(({ key, place, type }) => (place === undefined ? read(row, key ?? '', type) : (row[place] ?? null))),
      ),
  );
}
