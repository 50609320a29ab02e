import { analyzeKql, type KqlSchema } from '../../../simulator/kql/index.ts';
import { parseQuery, schemaText } from '../../../simulator/kql/parse.ts';
import { childOf, descendantsOf, itemsOf, type Syntax } from '../../../simulator/kql/syntax.ts';

/** A query with one thing changed. */
export interface Mutant {
  /** what is changed, as in `Status != 'resolved'` */
  of: string;
  from: string;
  to: string;
  query: string;
}

interface Edit {
  node: Syntax;
  to: string;
  /** more of the text than the node, for whoever reads it */
  of?: Syntax;
  /** where the text stands that is changed, if that is more than the node */
  at?: { start: number; length: number };
}

const TOKENS: Readonly<Record<string, string[]>> = {
  '==': ['!='],
  '!=': ['=='],
  '=~': ['=='],
  '>': ['>=', '<'],
  '>=': ['>', '<'],
  '<': ['<=', '>'],
  '<=': ['<', '>'],
  in: ['!in'],
  and: ['or'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  desc: ['asc'],
  leftanti: ['leftsemi'],
  inner: ['leftouter'],
};

const FUNCTIONS: Readonly<Record<string, string>> = {
  arg_max: 'arg_min',
  sum: 'max',
  isempty: 'isnotempty',
  isnull: 'isnotnull',
  not: '',
};

/** Every mutant of a query: each filter, comparison, constant, aggregation, join and column changed in turn. */
export function mutantsOf(query: string, schema: KqlSchema): Mutant[] {
  const tables = Object.entries(schema.tables).map(([name, columns]) => ({ name, schema: schemaText(columns) }));
  const types = new Map(analyzeKql(query, schema).columns?.map(({ name, type }) => [name, type]));
  const { statements } = parseQuery(query, tables, []);
  const edits = statements.flatMap((statement) =>
    [...descendantsOf(statement)].flatMap((node) => editsOf(node, types)),
  );
  return edits.map(({ node, to, of = node, at }) => {
    const { start, length } = at ?? node.position();
    return {
      of: of.text.replace(/\s+/g, ' '),
      from: node.text.replace(/\s+/g, ' '),
      to: to === '' ? 'nothing' : to,
      query: `${query.slice(0, start)}${to}${query.slice(start + length)}`,
    };
  });
}

function editsOf(node: Syntax, types: ReadonlyMap<string, string>): Edit[] {
  switch (node.kind) {
    case 'FilterOperator':
      return conjuncts(childOf(node, 'Condition')).map((part) => ({ node: part, to: 'true', of: node }));
    case 'FunctionCallExpression':
      return callEdits(node);
    case 'ProjectOperator':
      return itemsOf(node, 'Expressions').map((item) => ({ node: item, to: constant(item, types), of: node }));
    case 'DistinctOperator':
      return without(itemsOf(node, 'Expressions'), node);
    case 'SummarizeByClause':
      return without(itemsOf(node, 'Expressions'), node);
    case 'JoinOnClause':
      return without(itemsOf(node, 'Expressions'), node);
    default:
      return [...operatorEdits(node), ...literalEdits(node)];
  }
}

/** The operator or keyword of a node; a comma or a bracket is none. */
function operatorEdits(node: Syntax): Edit[] {
  if (node.kind === 'StarExpression') return [];
  return node.children
    .filter((child) => child.children.length === 0 && child.text !== '')
    .flatMap((child) => (TOKENS[child.text] ?? []).map((to) => ({ node: child, to, of: node })));
}

function literalEdits(node: Syntax): Edit[] {
  if (node.kind === 'StringLiteralExpression') return [{ node, to: `${node.text.slice(0, -1)}~${node.text.at(-1)}` }];
  const number = /^(\d+)(\.0)?([a-z]*)$/.exec(node.text);
  if (!/^(Long|Int|Real|Timespan)LiteralExpression$/.test(node.kind) || number === null) return [];
  const [, digits, fraction = '', unit] = number;
  const value = Number(digits);
  const near = value > 0 ? [value + 1, value - 1] : [value + 1];
  return near.map((other) => ({ node, to: `${other}${fraction}${unit}` }));
}

/** The parts of a condition that all must hold, and the condition itself when there are several. */
function conjuncts(condition: Syntax | undefined): Syntax[] {
  if (condition === undefined) return [];
  if (condition.kind !== 'AndExpression') return [condition];
  return [
    condition,
    ...condition.children.filter(({ role }) => role === 'Left' || role === 'Right').flatMap(conjuncts),
  ];
}

function callEdits(node: Syntax): Edit[] {
  const name = childOf(node, 'Name');
  const list = childOf(node, 'ArgumentList');
  if (name === undefined || list === undefined) return [];
  const args = itemsOf(list, 'Expressions').map(({ text }) => text);
  if (name.text === 'iff') return [{ node, to: `iff(${args[0]}, ${args[2]}, ${args[1]})` }];
  if (name.text === 'count') return [{ node, to: 'min(1)' }];
  if (name.text === 'countif') return [{ node, to: 'count()' }];
  const to = FUNCTIONS[name.text];
  return to === undefined ? [] : [{ node: name, to, of: node }];
}

function constant(item: Syntax, types: ReadonlyMap<string, string>): string {
  const name = childOf(item, 'Name')?.text ?? item.text;
  return `${name} = ${types.get(name) === 'string' ? "''" : 'long(0)'}`;
}

/** A list with each of its columns left out, where others remain. */
function without(items: readonly Syntax[], of: Syntax): Edit[] {
  const places = items.map((item) => item.position());
  return items.flatMap((item, index) => {
    const [before, own, next] = [places[index - 1], places[index], places[index + 1]];
    // With the comma after it; only the last one has it before.
    const start = next || !before ? own?.start : before.start + before.length;
    const end = next?.start ?? (own && own.start + own.length);
    if (items.length < 2 || start === undefined || end === undefined) return [];
    return [{ node: item, to: '', of, at: { start, length: end - start } }];
  });
}
