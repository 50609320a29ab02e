import { type Accumulator, bindAggregate, isAggregate } from '../aggregates/index.ts';
import type { Projection } from '../compile/columns.ts';
import { compileExpression } from '../compile/expression.ts';
import { type Compiled, type Eval, lookUp, rowScope, type Scope } from '../compile/scope.ts';
import { errorAt } from '../errors.ts';
import { itemsOf, need, type Syntax } from '../syntax.ts';
import type { KqlColumn, KqlValue, Row } from '../values/types.ts';

/** The accumulators of one run; groups are numbered by the caller. */
export interface AggregateRun {
  add(group: number, row: Row): void;
  finish(group: number): KqlValue[];
}

/** The aggregates of a summarize or make-series: their columns and how to compute them. */
export interface AggregatePlan {
  columns: readonly KqlColumn[];
  start(): AggregateRun;
}

interface Drawn {
  columns: KqlColumn[];
  starts: (() => Accumulator)[];
  finals: Eval[];
  /** Cells of all accumulators so far. */
  width: number;
}

function run(starts: readonly (() => Accumulator)[], finals: readonly Eval[]): AggregateRun {
  const accumulators = starts.map((start) => start());
  return {
    add(group, row) {
      for (const accumulator of accumulators) accumulator.add(group, row);
    },
    finish(group) {
      const results: KqlValue[] = [];
      for (const accumulator of accumulators) accumulator.finish(group, results);
      return finals.map((final) => final(results));
    },
  };
}

/** The names in front of an aggregate: those of `(a, b) =`, that of `a =`, or none. */
function givenNames(item: Syntax): readonly Syntax[] {
  if (item.kind === 'CompoundNamedExpression') return itemsOf(need(item, 'Names'), 'Names');
  return item.kind === 'SimpleNamedExpression' ? [need(item, 'Name')] : [];
}

/**
 * Plans aggregates over the input's columns. `keys` are the input columns that the by clause repeats; `names` holds the columns that
 * stand before the aggregates, so that names do not clash.
 */
export function planAggregates(
  items: readonly Syntax[],
  input: readonly KqlColumn[],
  keys: readonly string[],
  scope: Scope,
  names: Projection,
): AggregatePlan {
  const inputScope = rowScope(scope, input);
  const drawn: Drawn = { columns: [], starts: [], finals: [], width: 0 };

  function register(call: Syntax, name: string): { at: number; outputs: readonly KqlColumn[] } {
    const bound = bindAggregate(call, name, inputScope, input, keys);
    const at = drawn.width;
    drawn.width += bound.outputs.length;
    drawn.starts.push(bound.start);
    return { at, outputs: bound.outputs };
  }

  function put(name: string, type: KqlColumn['type'], final: Eval, declared: Syntax | undefined): void {
    const added = declared ? names.declare(declared, name, type, final) : names.add(name, type, final);
    drawn.columns.push({ name: added, type });
    drawn.finals.push(final);
  }

  function slotOf(call: Syntax, name: string): Compiled {
    const { at, outputs } = register(call, name);
    const [output, second] = outputs;
    if (!output || second) throw errorAt(call, `${name}() gives several columns and cannot stand inside an expression`);
    return { type: output.type, constant: false, eval: (results) => results[at] ?? null };
  }

  for (const item of items) {
    const given = givenNames(item);
    const expression = given.length > 0 ? need(item, 'Expression') : item;
    const call = expression.kind === 'FunctionCallExpression' ? need(expression, 'Name').value : '';
    if (isAggregate(call) && !lookUp(scope.names, call)) {
      // arg_max, take_any and percentiles give several columns; given names rename the first ones
      const { at, outputs } = register(expression, call);
      outputs.forEach((output, i) => {
        put(given[i]?.value ?? output.name, output.type, (results) => results[at + i] ?? null, given[i]);
      });
      continue;
    }
    const sink = { add: slotOf };
    const compiled = compileExpression(expression, { ...inputScope, columns: [], aggregates: sink });
    const name = given[0]?.value ?? expression.resultName ?? names.defaultName(input);
    put(name, compiled.type, compiled.eval, given[0]);
  }
  return { columns: drawn.columns, start: () => run(drawn.starts, drawn.finals) };
}
