import {
  analyzeText,
  field,
  globalState,
  invoke,
  languageService,
  listOf,
  numberField,
  resultNameOf,
  type SymbolFunction,
  type SymbolTable,
  textField,
} from './bridge.ts';
import { type Position, positionAt } from './errors.ts';
import type { Syntax } from './syntax.ts';
import { type KqlColumn, typeNamed } from './values/types.ts';

/** A finding of Microsoft's binder, such as KS142 for an unknown name. */
export interface KqlDiagnostic extends Position {
  code: string;
  severity: 'Error' | 'Warning' | 'Suggestion' | 'Information';
  message: string;
}

export interface ParsedQuery {
  /** The statements in order. */
  statements: readonly Syntax[];
  diagnostics: readonly KqlDiagnostic[];
  /** What the binder infers; undefined when it cannot tell, as after bag_unpack. */
  columns: KqlColumn[] | undefined;
}

/** The schema text of a table's columns, names quoted where they must be. */
export function schemaText(columns: readonly KqlColumn[]): string {
  const parts = columns.map(({ name, type }) => `['${name.replace(/[\\']/g, '\\$&')}']: ${type}`);
  return `(${parts.join(', ')})`;
}

function isExpression(node: unknown): boolean {
  return field(node, 'ResultType') !== undefined && field(node, 'IsToken') === false;
}

function convert(node: unknown, source: string, kinds: ReadonlyMap<number, string>): Syntax {
  const kind = kinds.get(numberField(node, 'Kind')) ?? 'Unknown';
  const start = numberField(node, 'TextStart');
  const end = numberField(node, 'End');
  const children: Syntax[] = [];
  for (let i = 0; i < numberField(node, 'ChildCount'); i++) {
    const child = invoke(node, 'GetChild', i);
    if (child === null || child === undefined) continue;
    // A list holds pairs of element and separator: only the elements matter.
    const separated = kinds.get(numberField(child, 'Kind')) === 'SeparatedElement';
    children.push(convert(separated ? invoke(child, 'GetChild', 0) : child, source, kinds));
  }
  return {
    kind,
    role: textField(node, 'NameInParent'),
    text: source.slice(start, end),
    value: field(node, 'IsToken') === true ? textField(node, 'ValueText') : textField(node, 'SimpleName'),
    resultName: isExpression(node) ? resultNameOf(node) : undefined,
    children,
    position: () => positionAt(source, start, end - start),
  };
}

function severityOf(text: string): KqlDiagnostic['severity'] {
  return text === 'Error' || text === 'Warning' || text === 'Suggestion' ? text : 'Information';
}

function diagnosticsOf(code: unknown, source: string): KqlDiagnostic[] {
  return listOf(invoke(code, 'GetDiagnostics')).map((diagnostic) => ({
    ...positionAt(source, numberField(diagnostic, 'Start'), numberField(diagnostic, 'Length')),
    code: textField(diagnostic, 'Code'),
    severity: severityOf(textField(diagnostic, 'Severity')),
    message: textField(diagnostic, 'Message'),
  }));
}

function columnsOf(code: unknown): KqlColumn[] | undefined {
  const result = field(code, 'ResultType');
  if (!field(result, 'Columns') || field(result, 'IsOpen') === true) return undefined;
  return listOf(field(result, 'Columns')).map((column) => ({
    name: textField(column, 'Name'),
    type: typeNamed(textField(field(column, 'Type'), 'Name')) ?? 'dynamic',
  }));
}

const KEPT_QUERIES = 200;
const parsedQueries = new Map<string, ParsedQuery>();

/**
 * Parses a query and binds it to the tables and functions given. Binding takes some 20 ms, and an alert rule runs
 * the same text again and again: the latest results are kept.
 */
export function parseQuery(
  text: string,
  tables: readonly SymbolTable[],
  functions: readonly SymbolFunction[],
): ParsedQuery {
  const key = JSON.stringify([text, tables, functions]);
  const known = parsedQueries.get(key);
  if (known) return known;
  const parsed = bindQuery(text, tables, functions);
  const [oldest] = parsedQueries.keys();
  if (oldest !== undefined && parsedQueries.size >= KEPT_QUERIES) parsedQueries.delete(oldest);
  parsedQueries.set(key, parsed);
  return parsed;
}

function bindQuery(text: string, tables: readonly SymbolTable[], functions: readonly SymbolFunction[]): ParsedQuery {
  const { kinds } = languageService();
  const code = analyzeText(text, globalState(tables, functions));
  const root = convert(field(code, 'Syntax'), text, kinds);
  return {
    statements: root.children.find((child) => child.role === 'Statements')?.children ?? [],
    diagnostics: diagnosticsOf(code, text),
    columns: columnsOf(code),
  };
}
