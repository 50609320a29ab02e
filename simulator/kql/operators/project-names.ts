import { fitsPattern } from '../compile/columns.ts';
import type { Relation } from '../compile/scope.ts';
import { errorAt } from '../errors.ts';
import { childOf, itemsOf, need, type Syntax } from '../syntax.ts';
import type { KqlColumn } from '../values/types.ts';

/** The same rows with the columns at these places, under these names. */
function picked(input: Relation, places: readonly number[], names?: readonly string[]): Relation {
  const columns = places.flatMap((place, i): KqlColumn[] => {
    const column = input.columns[place];
    return column ? [{ name: names?.[i] ?? column.name, type: column.type }] : [];
  });
  return {
    columns,
    serialized: input.serialized,
    run(emit) {
      input.run((row) => emit(places.map((place) => row[place] ?? null)));
    },
  };
}

function placesOf(node: Syntax, item: Syntax, columns: readonly KqlColumn[]): number[] {
  const places = columns.flatMap((column, i) => (fitsPattern(column.name, item.value) ? [i] : []));
  if (places.length === 0 && !item.value.includes('*')) throw errorAt(node, `there is no column '${item.value}'`);
  return places;
}

/** `project-away`. */
export function compileProjectAway(node: Syntax, input: Relation): Relation {
  const gone = new Set(itemsOf(node, 'Expressions').flatMap((item) => placesOf(item, item, input.columns)));
  const kept = input.columns.flatMap((_, i) => (gone.has(i) ? [] : [i]));
  return picked(input, kept);
}

/** `project-keep`: in the order of the input. */
export function compileProjectKeep(node: Syntax, input: Relation): Relation {
  const kept = new Set(itemsOf(node, 'Expressions').flatMap((item) => placesOf(item, item, input.columns)));
  return picked(
    input,
    [...kept].sort((a, b) => a - b),
  );
}

/** `project-rename new = old`: in place. */
export function compileProjectRename(node: Syntax, input: Relation): Relation {
  const names = input.columns.map((column) => column.name);
  for (const item of itemsOf(node, 'Expressions')) {
    const old = need(item, 'Expression');
    const [place] = placesOf(old, old, input.columns);
    if (place !== undefined) names[place] = need(item, 'Name').value;
  }
  if (new Set(names).size < names.length) throw errorAt(node, 'project-rename leaves two columns of one name');
  return picked(input, [...names.keys()], names);
}

function byName(columns: readonly KqlColumn[], places: number[], ordering: string): number[] {
  const granny = ordering.startsWith('granny');
  const sign = ordering.endsWith('desc') ? -1 : 1;
  const nameOf = (place: number) => columns[place]?.name ?? '';
  const compare = (a: string, b: string) =>
    granny ? a.localeCompare(b, 'en', { numeric: true }) : a < b ? -1 : a > b ? 1 : 0;
  return places.sort((a, b) => sign * compare(nameOf(a), nameOf(b)));
}

/** `project-reorder`: the named columns first. */
export function compileProjectReorder(node: Syntax, input: Relation): Relation {
  const order: number[] = [];
  for (const item of itemsOf(node, 'Expressions')) {
    const name = item.kind === 'OrderedExpression' ? need(item, 'Expression') : item;
    const ordering = childOf(item, 'Ordering')?.text.toLowerCase() ?? '';
    const places = placesOf(item, name, input.columns).filter((place) => !order.includes(place));
    order.push(...(ordering ? byName(input.columns, places, ordering) : places));
  }
  const rest = input.columns.flatMap((_, i) => (order.includes(i) ? [] : [i]));
  return picked(input, [...order, ...rest]);
}
