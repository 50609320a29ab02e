import { analyzeKql, type KqlFeature } from '../../kql/index.ts';
import { COLUMNS } from './rows.ts';

/** "Understanding the Azure Resource Graph query language": a subset of KQL, by the interpreter's names. */
const OPERATORS = new Set([
  'count',
  'distinct',
  'extend',
  'join',
  'mv-expand',
  'parse',
  'project',
  'project-away',
  'sort',
  'summarize',
  'take',
  'top',
  'union',
  'where',
]);
const JOINS = ['', 'innerunique', 'inner', 'leftouter', 'fullouter'];
/** At most three of each in one query. */
const LIMITED = ['join', 'mv-expand', 'union'];
const MOST = 3;

/** The word that Resource Graph refuses in a query that is otherwise good KQL; `undefined` when there is none. */
export function refusedWord(query: string, tables: readonly string[]): string | undefined {
  const schema = { tables: Object.fromEntries(tables.map((name) => [name, COLUMNS])) };
  const { features } = analyzeKql(query, schema);
  const operators = features.filter((one) => one.kind === 'operator');
  const unknown = features.find((one) => one.kind === 'statement' || (one.kind === 'operator' && !isKnown(one)));
  if (unknown !== undefined) return unknown.name;
  return LIMITED.find((name) => operators.filter((one) => one.name === name).length > MOST);
}

function isKnown({ name, parameters }: KqlFeature): boolean {
  return OPERATORS.has(name) && (name !== 'join' || JOINS.includes(parameters.kind ?? ''));
}
