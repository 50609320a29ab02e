import { errorAt } from '../errors.ts';
import { addDecimal, divideDecimal } from '../values/decimal.ts';
import { addInt, int, num, text, toInt64 } from '../values/int64.ts';
import type { Int64, KqlType } from '../values/types.ts';
import type { AggregateCall, BoundAggregate } from './types.ts';
import { type Collector, conditionAt, overValues, summable } from './values.ts';

function decimalSum(finish: (sum: string, count: number) => string | null): Collector {
  const sums: string[] = [];
  const counts: number[] = [];
  return {
    add(group, cell) {
      sums[group] = addDecimal(sums[group] ?? '0', text(cell));
      counts[group] = (counts[group] ?? 0) + 1;
    },
    result: (group) => finish(sums[group] ?? '0', counts[group] ?? 0),
  };
}

function realSum(finish: (sum: number, count: number) => number): Collector {
  const sums: number[] = [];
  const counts: number[] = [];
  return {
    add(group, cell) {
      sums[group] = (sums[group] ?? 0) + num(cell);
      counts[group] = (counts[group] ?? 0) + 1;
    },
    result: (group) => finish(sums[group] ?? 0, counts[group] ?? 0),
  };
}

function wholeSum(): Collector {
  const sums: Int64[] = [];
  return {
    add(group, cell) {
      sums[group] = addInt(sums[group] ?? 0, int(cell));
    },
    result: (group) => sums[group] ?? 0,
  };
}

// the sum of datetimes is beyond 64 bits
function wholeAverage(): Collector {
  const sums: bigint[] = [];
  const counts: bigint[] = [];
  return {
    add(group, cell) {
      sums[group] = (sums[group] ?? 0n) + BigInt(int(cell));
      counts[group] = (counts[group] ?? 0n) + 1n;
    },
    result(group) {
      const count = counts[group];
      return count === undefined ? null : toInt64((sums[group] ?? 0n) / count);
    },
  };
}

/** sum(x) and sumif(x, p): 0 over nothing. */
export function bindSum(call: AggregateCall): BoundAggregate {
  const value = summable(call);
  if (value.type === 'datetime') throw errorAt(call.node, `${call.name}() cannot add datetimes`);
  const type: KqlType = value.type === 'int' ? 'long' : value.type;
  return overValues(call, value, conditionAt(call, 1), type, () => {
    if (type === 'decimal') return decimalSum((sum) => sum);
    return type === 'real' ? realSum((sum) => sum) : wholeSum();
  });
}

/** avg(x) and avgif(x, p): NaN over nothing, since it divides by 0 (page "summarize operator"). */
export function bindAverage(call: AggregateCall): BoundAggregate {
  const value = summable(call);
  const whole = value.type === 'timespan' || value.type === 'datetime';
  const type: KqlType = whole || value.type === 'decimal' ? value.type : 'real';
  return overValues(call, value, conditionAt(call, 1), type, () => {
    if (type === 'decimal') return decimalSum((sum, count) => divideDecimal(sum, String(count)));
    return whole ? wholeAverage() : realSum((sum, count) => sum / count);
  });
}
