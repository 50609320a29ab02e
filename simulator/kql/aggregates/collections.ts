import { coerce } from '../compile/coerce.ts';
import { constantValue } from '../compile/scope.ts';
import { errorAt } from '../errors.ts';
import { keyOfValue } from '../values/compare.ts';
import { num } from '../values/int64.ts';
import { toDynamic } from '../values/json.ts';
import { type Bag, isArray, isBag, type KqlValue, setKey } from '../values/types.ts';
import { type AggregateCall, type BoundAggregate, outputName } from './types.ts';

/** The largest number of items of a list or set (page "make_list"). */
const MAX_SIZE = 1_048_576;

interface Collector {
  add(value: KqlValue): void;
  result(): KqlValue;
}

function collecting(call: AggregateCall, keepNulls: boolean, start: (limit: number) => Collector): BoundAggregate {
  const [first] = call.args;
  if (!first) throw errorAt(call.node, `${call.name}() needs an argument`);
  const withCondition = call.name.endsWith('_if');
  const [conditionArg] = withCondition ? call.args.slice(1) : [];
  const condition = conditionArg ? coerce(conditionArg, 'bool').eval : undefined;
  const limitArg = call.args[withCondition ? 2 : 1];
  const limit = limitArg ? num(constantValue(limitArg)) : MAX_SIZE;
  const { type, eval: evaluate } = first;
  return {
    outputs: [{ name: outputName(call, `${call.name}_`), type: 'dynamic' }],
    start() {
      const collectors: Collector[] = [];
      return {
        add(group, row) {
          if (condition && condition(row) !== true) return;
          const cell = evaluate(row);
          if (cell === null && !keepNulls) return;
          const collector = collectors[group] ?? start(limit);
          collectors[group] = collector;
          collector.add(toDynamic(cell, type));
        },
        finish(group, results) {
          results.push((collectors[group] ?? start(limit)).result());
        },
      };
    },
  };
}

/** make_list, make_list_if, make_list_with_nulls. */
export function bindList(call: AggregateCall): BoundAggregate {
  return collecting(call, call.name === 'make_list_with_nulls', (limit) => {
    const items: KqlValue[] = [];
    return {
      add(value) {
        if (items.length < limit) items.push(value);
      },
      result: () => items,
    };
  });
}

/** make_set, make_set_if: arrays are taken apart, so that sets of sets are one set. */
export function bindSet(call: AggregateCall): BoundAggregate {
  return collecting(call, false, (limit) => {
    const items = new Map<ReturnType<typeof keyOfValue>, KqlValue>();
    const put = (value: KqlValue): void => {
      if (value === null) return;
      const key = keyOfValue(value);
      if (!items.has(key) && items.size < limit) items.set(key, value);
    };
    return {
      add(value) {
        if (isArray(value)) for (const item of value) put(item);
        else put(value);
      },
      result: () => [...items.values()],
    };
  });
}

/** make_bag, make_bag_if: the first value of a key stays; what is no bag is skipped. */
export function bindBag(call: AggregateCall): BoundAggregate {
  return collecting(call, false, (limit) => {
    const bag: Bag = {};
    let size = 0;
    return {
      add(value) {
        if (!isBag(value)) return;
        for (const [key, item] of Object.entries(value)) {
          if (Object.hasOwn(bag, key) || size >= limit) continue;
          setKey(bag, key, item);
          size++;
        }
      },
      result: () => bag,
    };
  });
}
