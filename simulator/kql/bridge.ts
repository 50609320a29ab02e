import { createRequire } from 'node:module';

// The language service is C# compiled to untyped JavaScript that sets two globals. Everything untyped stays here.

/** A property of an untyped object; undefined when there is none. */
export function field(target: unknown, name: string): unknown {
  return (typeof target === 'object' && target !== null) || typeof target === 'function'
    ? Reflect.get(target, name)
    : undefined;
}

/** Calls a method of an untyped object. */
export function invoke(target: unknown, name: string, ...args: unknown[]): unknown {
  const method = field(target, name);
  if (typeof method !== 'function') throw new Error(`the language service has no ${name}: its version has changed`);
  return Reflect.apply(method, target, args);
}

function construct(target: unknown, name: string, ...args: unknown[]): unknown {
  const type = field(target, name);
  if (typeof type !== 'function') throw new Error(`the language service has no ${name}: its version has changed`);
  return Reflect.construct(type, args);
}

export function textField(target: unknown, name: string): string {
  const value = field(target, name);
  return typeof value === 'string' ? value : '';
}

export function numberField(target: unknown, name: string): number {
  const value = field(target, name);
  return typeof value === 'number' ? value : 0;
}

/** The items of a .NET list. */
export function listOf(list: unknown): unknown[] {
  return Array.from({ length: numberField(list, 'Count') }, (_, i) => invoke(list, 'getItem', i));
}

interface LanguageService {
  bridge: unknown;
  language: unknown;
  kinds: ReadonlyMap<number, string>;
}

let loaded: LanguageService | undefined;

/** Loads the language service once (about 150 ms). */
export function languageService(): LanguageService {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const language = field(field(globalThis, 'Kusto'), 'Language');
  const kindsOf = field(field(language, 'Syntax'), 'SyntaxKind');
  const kinds = new Map<number, string>();
  for (const name of Object.keys(kindsOf ?? {})) {
    const value = field(kindsOf, name);
    if (typeof value === 'number') kinds.set(value, name);
  }
  loaded = { bridge: field(globalThis, 'Bridge'), language, kinds };
  return loaded;
}

export interface SymbolTable {
  name: string;
  /** `(a: string, ['b c']: long)` */
  schema: string;
}

export interface SymbolFunction {
  name: string;
  /** `(x: long, y: string = "")` */
  parameters: string;
  body: string;
}

/** The names a query may use, as the binder wants them. */
export function globalState(tables: readonly SymbolTable[], functions: readonly SymbolFunction[]): unknown {
  const { bridge, language } = languageService();
  const symbols = field(language, 'Symbols');
  const members = [
    ...tables.map((table) => construct(field(symbols, 'TableSymbol'), '$ctor7', table.name, table.schema, null)),
    ...functions.map((f) => construct(field(symbols, 'FunctionSymbol'), '$ctor16', f.name, f.parameters, f.body, null)),
  ];
  const database = construct(
    field(symbols, 'DatabaseSymbol'),
    '$ctor3',
    'db',
    null,
    invoke(bridge, 'toList', members),
    false,
  );
  return invoke(field(field(language, 'GlobalState'), 'Default'), 'WithDatabase', database);
}

/** The bound code of a query text: `Syntax`, `ResultType`, `GetDiagnostics()`. */
export function analyzeText(text: string, globals: unknown): unknown {
  return invoke(field(languageService().language, 'KustoCode'), 'ParseAndAnalyze', text, globals);
}

/** The column name Kusto derives from an expression. */
export function resultNameOf(expression: unknown): string | undefined {
  const binder = field(field(languageService().language, 'Binding'), 'Binder');
  const name = invoke(binder, 'GetExpressionResultName', expression, null, null);
  return typeof name === 'string' && name !== '' ? name : undefined;
}
