import type { Compiled, Scope } from '../compile/scope.ts';
import type { Syntax } from '../syntax.ts';
import type { KqlColumn, KqlValue, Row } from '../values/types.ts';

/** The state of an aggregate for every group of one run, groups being numbered from 0: no object per group. */
export interface Accumulator {
  add(group: number, row: Row): void;
  /** Appends one cell for each output; the group may have had no row. */
  finish(group: number, results: KqlValue[]): void;
}

export interface BoundAggregate {
  outputs: readonly KqlColumn[];
  start(): Accumulator;
}

/** A call of an aggregate about to be bound. */
export interface AggregateCall {
  node: Syntax;
  name: string;
  args: readonly Compiled[];
  argNodes: readonly Syntax[];
  scope: Scope;
  columns: readonly KqlColumn[];
  /** Input columns that the by clause repeats, which `*` leaves out. */
  keys: readonly string[];
}

export type Bind = (call: AggregateCall) => BoundAggregate;

/** The name Kusto gives the column: sum_x, count_, percentile_x_50. */
export function outputName(call: AggregateCall, fallback: string): string {
  return call.node.resultName ?? fallback;
}
