import type { SymbolFunction, SymbolTable } from './bridge.ts';
import { bindLet } from './compile/let.ts';
import { compileStatements } from './compile/query.ts';
import { innerNames, type QueryContext, rowsOf, type Scope } from './compile/scope.ts';
import { KqlError, KqlUnsupportedError } from './errors.ts';
import { featuresOf, type KqlFeature } from './features.ts';
import { type KqlDiagnostic, parseQuery, schemaText } from './parse.ts';
import { datetimeOfDate } from './values/datetime.ts';
import type { KqlColumn, KqlTable } from './values/types.ts';

export { KqlError, KqlUnsupportedError } from './errors.ts';
export type { KqlFeature } from './features.ts';
export type { KqlColumn, KqlTable, KqlType, KqlValue, Row } from './values/types.ts';
export { fromJson, toJson } from './values/wire.ts';

/** A saved function: `(x: long, y: string = "")` and its body without braces. */
interface KqlFunction {
  parameters: string;
  body: string;
}

export interface KqlDatabase {
  /** Rows at hand, or a function that gives them when a query names the table. */
  tables: Readonly<Record<string, KqlTable | (() => KqlTable)>>;
  functions?: Readonly<Record<string, KqlFunction>>;
}

export interface KqlOptions {
  database: KqlDatabase;
  /** What now() and ago() go by. */
  now: Date;
  /** Only rows whose TimeGenerated lies in [start, end] are seen, in tables that have that column. */
  timeRange?: { start: Date; end: Date };
}

/** A database's shape, for analysis without rows. */
export interface KqlSchema {
  tables: Readonly<Record<string, readonly KqlColumn[]>>;
  functions?: Readonly<Record<string, KqlFunction>>;
}

export interface KqlAnalysis {
  diagnostics: readonly KqlDiagnostic[];
  /** The columns of the result; undefined where only the data decides them, or after an error. */
  columns: KqlColumn[] | undefined;
  /** Every operator and function used, with its place. */
  features: readonly KqlFeature[];
}

function symbolsOf(schema: KqlSchema): { tables: SymbolTable[]; functions: SymbolFunction[] } {
  return {
    tables: Object.entries(schema.tables).map(([name, columns]) => ({ name, schema: schemaText(columns) })),
    functions: Object.entries(schema.functions ?? {}).map(([name, { parameters, body }]) => ({
      name,
      parameters,
      body: `{${body}\n}`,
    })),
  };
}

function inTimeRange(table: KqlTable, range: KqlOptions['timeRange']): KqlTable {
  const at = table.columns.findIndex((column) => column.name === 'TimeGenerated' && column.type === 'datetime');
  if (!range || at < 0) return table;
  const start = datetimeOfDate(range.start) ?? 0;
  const end = datetimeOfDate(range.end) ?? 0;
  const rows = table.rows.filter((row) => {
    const time = row[at];
    return (typeof time === 'number' || typeof time === 'bigint') && time >= start && time <= end;
  });
  return { columns: table.columns, rows };
}

/** The tables a query can see, each read at most once. */
interface Tables {
  names(): string[];
  find(name: string): KqlTable | undefined;
  /** The columns of the tables that a text names: others are not read. */
  schema(text: string): Record<string, KqlColumn[]>;
}

function tablesOf({ database: { tables }, timeRange }: KqlOptions): Tables {
  const known = new Map<string, KqlTable>();
  const names = () => Object.keys(tables);

  function find(name: string): KqlTable | undefined {
    const read = known.get(name);
    if (read) return read;
    const source = Object.hasOwn(tables, name) ? tables[name] : undefined;
    if (!source) return undefined;
    const table = inTimeRange(typeof source === 'function' ? source() : source, timeRange);
    known.set(name, table);
    return table;
  }

  function schema(text: string): Record<string, KqlColumn[]> {
    // only a union may name tables by a pattern
    const pattern = /\bunion\b/i.test(text) && text.includes('*');
    const wanted = names().filter((name) => pattern || text.includes(name));
    return Object.fromEntries(wanted.map((name) => [name, find(name)?.columns ?? []]));
  }

  return { names, find, schema };
}

function refuseErrors(text: string, diagnostics: readonly KqlDiagnostic[]): void {
  // a fuzzy union may name tables that are not there, which the binder does not know of patterns
  const fuzzy = /isfuzzy\s*=\s*true/i.test(text);
  const forgiven = ({ code, message }: KqlDiagnostic) => fuzzy && code === 'KS142' && /'[^']*\*'/.test(message);
  const error = diagnostics.find((diagnostic) => diagnostic.severity === 'Error' && !forgiven(diagnostic));
  if (error) throw new KqlError(`${error.code}: ${error.message}`, error);
}

function listed(columns: readonly KqlColumn[]): string {
  return columns.map(({ name, type }) => `${name}: ${type}`).join(', ');
}

// Microsoft's binder infers the result's columns on its own: where it disagrees, one of the two is wrong.
function checkColumns(ours: readonly KqlColumn[], theirs: readonly KqlColumn[] | undefined): void {
  // it leaves the columns of a union over a pattern open by naming none
  if (theirs && theirs.length > 0 && listed(ours) !== listed(theirs)) {
    throw new KqlUnsupportedError(`a query with the columns ${listed(theirs)}: found ${listed(ours)}`);
  }
}

function compileText(text: string, schema: KqlSchema, context: QueryContext) {
  const { tables, functions } = symbolsOf(schema);
  const parsed = parseQuery(text, tables, functions);
  refuseErrors(text, parsed.diagnostics);
  const parse = (source: string) => parseQuery(source, tables, functions);
  const scope: Scope = {
    context,
    names: innerNames(undefined),
    columns: [],
    depth: 0,
    windows: undefined,
    aggregates: undefined,
  };
  for (const { name, parameters, body } of functions) {
    const [statement] = parse(`let ['${name}'] = ${parameters} ${body};`).statements;
    if (statement) bindLet(statement, scope);
  }
  const relation = compileStatements(parsed.statements, { ...scope, names: innerNames(scope.names) });
  checkColumns(relation.columns, parsed.columns);
  return relation;
}

/**
 * Runs a query. Throws KqlError where Azure would refuse it, KqlUnsupportedError (name and position) for what this
 * interpreter does not know.
 */
export function runKql(text: string, options: KqlOptions): KqlTable {
  const tables = tablesOf(options);
  const now = datetimeOfDate(options.now);
  if (now === null) throw new KqlError(`the clock ${String(options.now)} is outside the years 1 to 9999`);
  const { functions } = options.database;
  const bodies = Object.values(functions ?? {}).map(({ body }) => body);
  const schema = { tables: tables.schema([text, ...bodies].join('\n')), ...(functions ? { functions } : {}) };
  const relation = compileText(text, schema, {
    now,
    table: (name) => tables.find(name),
    tableNames: () => tables.names(),
  });
  return { columns: relation.columns.map((column) => ({ ...column })), rows: rowsOf(relation) };
}

/** What Microsoft's binder says of a query, without running it. */
export function analyzeKql(text: string, schema: KqlSchema): KqlAnalysis {
  const { tables, functions } = symbolsOf(schema);
  const { diagnostics, columns, statements } = parseQuery(text, tables, functions);
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === 'Error');
  return { diagnostics, columns: failed ? undefined : columns, features: statements.flatMap(featuresOf) };
}
