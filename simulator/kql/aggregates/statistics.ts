import { coerce } from '../compile/coerce.ts';
import { constantValue } from '../compile/scope.ts';
import { unsupportedAt } from '../errors.ts';
import { compareValues, keyOfValue } from '../values/compare.ts';
import { num } from '../values/int64.ts';
import { type KqlValue, nullOf } from '../values/types.ts';
import { type AggregateCall, type BoundAggregate, outputName } from './types.ts';
import { conditionAt, firstOf, overValues, summable } from './values.ts';

/** count() and countif(p). */
export function bindCount(call: AggregateCall): BoundAggregate {
  const condition = call.name === 'countif' ? conditionAt(call, 0) : undefined;
  if (call.name === 'count' && call.args.length > 0) throw unsupportedAt(call.node, 'count() with an argument');
  return {
    outputs: [{ name: outputName(call, 'count_'), type: 'long' }],
    start() {
      const counts: number[] = [];
      return {
        add(group, row) {
          if (!condition || condition(row) === true) counts[group] = (counts[group] ?? 0) + 1;
        },
        finish(group, results) {
          results.push(counts[group] ?? 0);
        },
      };
    },
  };
}

/** min, max, minif, maxif: null over nothing. */
export function bindExtreme(call: AggregateCall): BoundAggregate {
  const value = firstOf(call);
  if (value.type === 'dynamic') throw unsupportedAt(call.node, `${call.name}() of a dynamic value: cast it`);
  const sign = call.name.startsWith('max') ? 1 : -1;
  return overValues(call, value, conditionAt(call, 1), value.type, () => {
    const bests: KqlValue[] = [];
    return {
      add(group, cell) {
        const best = bests[group];
        if (best === undefined || compareValues(cell, best, value.type) * sign > 0) bests[group] = cell;
      },
      result: (group) => bests[group] ?? nullOf(value.type),
    };
  });
}

/** stdev, variance (of a sample), stdevp, variancep (of everything), with an if form each: 0 over nothing. */
export function bindSpread(call: AggregateCall): BoundAggregate {
  const value = coerce(summable(call), 'real');
  const bare = call.name.replace(/if$/, '');
  const population = bare.endsWith('p');
  return overValues(call, value, conditionAt(call, 1), 'real', () => {
    // Welford's method: the sum of squared distances from a mean that moves
    const counts: number[] = [];
    const means: number[] = [];
    const squares: number[] = [];
    return {
      add(group, cell) {
        const count = (counts[group] ?? 0) + 1;
        const mean = means[group] ?? 0;
        const delta = num(cell) - mean;
        const next = mean + delta / count;
        counts[group] = count;
        means[group] = next;
        squares[group] = (squares[group] ?? 0) + delta * (num(cell) - next);
      },
      result(group) {
        const count = counts[group] ?? 0;
        const variance = count < 2 ? 0 : (squares[group] ?? 0) / (population ? count : count - 1);
        return bare.startsWith('stdev') ? Math.sqrt(variance) : variance;
      },
    };
  });
}

/** percentile(x, p) and percentiles(x, p, …): the nearest rank, exact where Azure estimates. */
export function bindPercentile(call: AggregateCall): BoundAggregate {
  const value = firstOf(call);
  if (value.type === 'dynamic') throw unsupportedAt(call.node, `${call.name}() of a dynamic value: cast it`);
  const ranks = call.args.slice(1).map((arg, i) => {
    if (!arg.constant) throw unsupportedAt(call.argNodes[i + 1] ?? call.node, `${call.name}() of a varying rank`);
    return num(constantValue(arg));
  });
  const column = call.argNodes[0]?.resultName ?? '';
  return {
    outputs: ranks.map((rank) => ({
      name: `percentile_${column}_${String(rank).replace('.', '_')}`,
      type: value.type,
    })),
    start() {
      const groups: KqlValue[][] = [];
      return {
        add(group, row) {
          const cell = value.eval(row);
          if (cell === null) return;
          const cells = groups[group];
          if (cells) cells.push(cell);
          else groups[group] = [cell];
        },
        finish(group, results) {
          const cells = groups[group] ?? [];
          cells.sort((a, b) => compareValues(a, b, value.type));
          for (const rank of ranks)
            results.push(cells[Math.max(0, Math.ceil((rank / 100) * cells.length) - 1)] ?? null);
        },
      };
    },
  };
}

/** dcount, dcountif, count_distinct, count_distinctif: exact where Azure estimates. */
export function bindDistinctCount(call: AggregateCall): BoundAggregate {
  const value = firstOf(call);
  const condition = call.name.endsWith('if') ? conditionAt(call, 1) : undefined;
  return overValues(call, value, condition, 'long', () => {
    const groups: Set<ReturnType<typeof keyOfValue>>[] = [];
    return {
      add(group, cell) {
        const seen = groups[group];
        if (seen) seen.add(keyOfValue(cell));
        else groups[group] = new Set([keyOfValue(cell)]);
      },
      result: (group) => groups[group]?.size ?? 0,
    };
  });
}
