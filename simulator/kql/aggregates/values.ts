import { coerce, isNumeric } from '../compile/coerce.ts';
import type { Compiled, Eval } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import type { KqlType, KqlValue } from '../values/types.ts';
import { type AggregateCall, type BoundAggregate, outputName } from './types.ts';

/** Collects values that are not null, group by group. */
export interface Collector {
  add(group: number, value: KqlValue): void;
  result(group: number): KqlValue;
}

/** The condition of countif(p), sumif(x, p) and their kin, told by the position of the argument. */
export function conditionAt(call: AggregateCall, at: number): Eval | undefined {
  const condition = call.args[at];
  return condition ? coerce(condition, 'bool').eval : undefined;
}

export function firstOf(call: AggregateCall): Compiled {
  const [first] = call.args;
  if (!first) throw errorAt(call.node, `${call.name}() needs an argument`);
  return first;
}

/** An aggregate of one value per row that is not null and meets the condition. */
export function overValues(
  call: AggregateCall,
  value: Compiled,
  condition: Eval | undefined,
  type: KqlType,
  start: () => Collector,
): BoundAggregate {
  const evaluate = value.eval;
  return {
    outputs: [{ name: outputName(call, `${call.name}_`), type }],
    start() {
      const collector = start();
      return {
        add(group, row) {
          if (condition && condition(row) !== true) return;
          const cell = evaluate(row);
          if (cell !== null) collector.add(group, cell);
        },
        finish(group, results) {
          results.push(collector.result(group));
        },
      };
    },
  };
}

/** A value that a sum or an average can take. */
export function summable(call: AggregateCall): Compiled {
  const value = firstOf(call);
  if (value.type === 'dynamic') throw unsupportedAt(call.node, `${call.name}() of a dynamic value: cast it`);
  if (!isNumeric(value.type) && value.type !== 'timespan' && value.type !== 'datetime') {
    throw errorAt(call.node, `${call.name}() needs a number or a timespan, not ${value.type}`);
  }
  return value;
}
