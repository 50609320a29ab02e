import type { Syntax } from '../syntax.ts';
import type { Int64, KqlColumn, KqlTable, KqlType, KqlValue, Row } from '../values/types.ts';

export type Eval = (row: Row) => KqlValue;

/** An expression compiled to a closure. A constant one does not look at the row. */
export interface Compiled {
  type: KqlType;
  eval: Eval;
  constant: boolean;
}

/** Takes one row; false asks the source to stop. */
type Emit = (row: Row) => boolean;

/** A compiled tabular expression: rows are pushed, so nothing is kept that an operator does not need. */
export interface Relation {
  columns: readonly KqlColumn[];
  /** Whether the order of the rows means something (page "Window functions"). */
  serialized: boolean;
  run(emit: Emit): void;
}

export type Binding =
  /** `depth` is that of the scope whose rows the value reads; it may be used nowhere else unless it is constant. */
  | { kind: 'scalar'; value: Compiled; depth: number }
  | { kind: 'table'; relation: Relation }
  | { kind: 'function'; declaration: Syntax; scope: Names };

/** Names that let statements, functions and parameters bring in; inner ones hide outer ones. */
export interface Names {
  readonly outer: Names | undefined;
  readonly bindings: Map<string, Binding>;
}

/** What holds for the whole query. */
export interface QueryContext {
  now: Int64;
  table(name: string): KqlTable | undefined;
  tableNames(): readonly string[];
}

/** State of a window function: told of each row in order before the row's expressions are evaluated. */
export interface WindowSlot {
  start(rows: readonly Row[]): void;
  advance(row: Row, index: number): void;
}

/** Collects the aggregate calls inside the expressions of a summarize. */
interface AggregateSink {
  add(call: Syntax, name: string, scope: Scope): Compiled;
}

/** Where an expression stands. */
export interface Scope {
  readonly context: QueryContext;
  readonly names: Names;
  /** The columns an expression may name; none in a let statement. */
  readonly columns: readonly KqlColumn[];
  /** How many operators the expression stands inside. */
  readonly depth: number;
  /** Filled by window functions; undefined where they may not stand. */
  readonly windows: WindowSlot[] | undefined;
  /** Set in the aggregates of a summarize. */
  readonly aggregates: AggregateSink | undefined;
}

export function innerNames(outer: Names | undefined): Names {
  return { outer, bindings: new Map() };
}

export function lookUp(names: Names, name: string): Binding | undefined {
  for (let at: Names | undefined = names; at; at = at.outer) {
    const binding = at.bindings.get(name);
    if (binding) return binding;
  }
  return undefined;
}

/** The scope of an operator's expressions over the columns of its input. */
export function rowScope(scope: Scope, columns: readonly KqlColumn[], windows?: WindowSlot[]): Scope {
  const { context, names, depth } = scope;
  return { context, names, columns, depth: depth + 1, windows, aggregates: undefined };
}

const NO_ROW: Row = [];

/** The value of an expression that may not depend on a row. */
export function constantValue(expression: Compiled): KqlValue {
  return expression.eval(NO_ROW);
}

export function constant(type: KqlType, value: KqlValue): Compiled {
  return { type, eval: () => value, constant: true };
}

/** Evaluates a constant expression once, at first use. */
export function once(expression: Compiled): Compiled {
  if (!expression.constant) return expression;
  let known = false;
  let value: KqlValue = null;
  return {
    type: expression.type,
    constant: true,
    eval: () => {
      if (!known) {
        value = expression.eval(NO_ROW);
        known = true;
      }
      return value;
    },
  };
}

/** The rows of a relation. */
export function rowsOf(relation: Relation): Row[] {
  const rows: Row[] = [];
  relation.run((row) => {
    rows.push(row);
    return true;
  });
  return rows;
}

/** A relation over rows at hand. */
export function relationOf(columns: readonly KqlColumn[], rows: () => readonly Row[], serialized = false): Relation {
  return {
    columns,
    serialized,
    run(emit) {
      for (const row of rows()) if (!emit(row)) return;
    },
  };
}
