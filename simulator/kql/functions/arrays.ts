import { coerce } from '../compile/coerce.ts';
import { type Compiled, once } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { steps } from '../operators/sources.ts';
import { convertTo } from '../values/convert.ts';
import { num } from '../values/int64.ts';
import { printJson, toDynamic, unbox } from '../values/json.ts';
import { type Bag, isArray, isBag, type KqlType, type KqlValue, setKey } from '../values/types.ts';
import { sortArrays } from './array-sort.ts';
import { type Bind, type Call, plain } from './registry.ts';
import { dynamics, sameItem } from './sets.ts';

function packArray(call: Call): Compiled {
  const evals = dynamics(call);
  return once({
    type: 'dynamic',
    constant: call.args.every((arg) => arg.constant),
    eval: (row) => evals.map((evaluate) => evaluate(row)),
  });
}

/** array_slice(a, start, end): both included; a negative place counts from the end. */
function slice(array: KqlValue, start: KqlValue, end: KqlValue): KqlValue {
  if (!isArray(array)) return null;
  const place = (value: KqlValue) => (num(value) < 0 ? array.length + num(value) : num(value));
  const from = Math.max(0, place(start));
  return array.slice(from, Math.max(from, place(end) + 1));
}

/** array_split(a, places): the pieces between the places. */
function splitArray(array: KqlValue, at: KqlValue): KqlValue {
  if (!isArray(array)) return null;
  const places = (isArray(at) ? at : [at]).map((place) => {
    const value = num(place);
    return Math.min(array.length, value < 0 ? Math.max(0, array.length + value) : value);
  });
  const pieces: KqlValue[] = [];
  let from = 0;
  for (const place of places) {
    pieces.push(array.slice(from, Math.max(from, place)));
    from = Math.max(from, place);
  }
  pieces.push(array.slice(from));
  return pieces;
}

function indexOfItem(
  array: KqlValue,
  sought: KqlValue,
  start: KqlValue,
  length: KqlValue,
  occurrence: KqlValue,
): KqlValue {
  if (!isArray(array)) return null;
  const from = start === null ? 0 : num(start) < 0 ? Math.max(0, array.length + num(start)) : num(start);
  const end = length === null || num(length) < 0 ? array.length : Math.min(array.length, from + num(length));
  let left = occurrence === null ? 1 : num(occurrence);
  for (let i = from; i < end; i++) {
    if (sameItem(array[i] ?? null, sought) && --left === 0) return i;
  }
  return -1;
}

function sum(array: KqlValue): KqlValue {
  if (!isArray(array)) return null;
  let total = 0;
  for (const item of array) {
    const value = convertTo(item, 'dynamic', 'real');
    if (value === null) return null;
    total += num(value);
  }
  return total;
}

function iff(call: Call): Compiled {
  const [condition, yes, no] = dynamics(call);
  if (!condition || !yes || !no) throw errorAt(call.node, `${call.name}() needs three arguments`);
  const item = (value: KqlValue, i: number) => (isArray(value) ? (value[i] ?? null) : value);
  return once({
    type: 'dynamic',
    constant: call.args.every((arg) => arg.constant),
    eval: (row) => {
      const conditions = condition(row);
      if (!isArray(conditions)) return null;
      const whenTrue = yes(row);
      const whenFalse = no(row);
      return conditions.map((each, i) => {
        const { type, value } = unbox(each);
        if (type === 'bool') return item(value === true ? whenTrue : whenFalse, i);
        if (type === 'long' || type === 'real') return item(value !== 0 ? whenTrue : whenFalse, i);
        return null;
      });
    },
  });
}

const RANGE_LIMIT = 1_048_576;

/** range(from, to, step): an array. */
function range(call: Call): Compiled {
  const [from, to, step] = call.args;
  if (!from || !to) throw errorAt(call.node, 'range() needs a start and an end');
  const types = [from.type, to.type, step?.type];
  const type: KqlType = types.includes('real') && from.type !== 'datetime' ? 'real' : from.type;
  if (!/^(int|long|real|datetime|timespan)$/.test(type)) throw unsupportedAt(call.node, `range() of ${type}`);
  if (!step && (type === 'datetime' || type === 'timespan'))
    throw unsupportedAt(call.node, `range() of ${type} without a step`);
  const [a, b] = [coerce(from, type).eval, coerce(to, type).eval];
  const c = step ? coerce(step, type === 'datetime' ? 'timespan' : type).eval : () => 1;
  return once({
    type: 'dynamic',
    constant: call.args.every((arg) => arg.constant),
    eval: (row) => {
      const items: KqlValue[] = [];
      for (const value of steps(call.node, a(row), b(row), c(row), type)) {
        if (items.push(toDynamic(value, type)) >= RANGE_LIMIT) break;
      }
      return items;
    },
  });
}

function shift(array: KqlValue, by: number, fill: KqlValue): KqlValue {
  return isArray(array) ? array.map((_, i) => array[i + by] ?? (i + by in array ? null : fill)) : null;
}

function rotate(array: KqlValue, by: number): KqlValue {
  if (!isArray(array) || array.length === 0) return array;
  return array.map((_, i) => array[(((i + by) % array.length) + array.length) % array.length] ?? null);
}

function repeat(value: KqlValue, count: number): KqlValue {
  return Array.from({ length: Math.max(0, count) }, () => value);
}

/** The same value with the keys of its bags in order, so that equal values print the same. */
function sortedKeys(value: KqlValue): KqlValue {
  if (isArray(value)) return value.map(sortedKeys);
  if (!isBag(value)) return value;
  const bag: Bag = {};
  for (const key of Object.keys(value).sort()) setKey(bag, key, sortedKeys(value[key] ?? null));
  return bag;
}

export const ARRAYS: Readonly<Record<string, Bind>> = {
  pack_array: packArray,
  array_length: plain({ params: ['dynamic'], returns: 'long', apply: (a) => (isArray(a) ? a.length : null) }),
  array_slice: plain({ params: ['dynamic', 'long', 'long'], returns: 'dynamic', apply: slice }),
  array_split: plain({ params: ['dynamic', 'dynamic'], returns: 'dynamic', apply: splitArray }),
  array_index_of: plain({
    params: ['dynamic', 'dynamic', 'long?', 'long?', 'long?'],
    returns: 'long',
    nulls: true,
    apply: (a, sought, start, length, more) => indexOfItem(a, sought, start, length, more ?? null),
  }),
  array_sum: plain({ params: ['dynamic'], returns: 'real', apply: sum }),
  array_reverse: plain({ params: ['dynamic'], returns: 'dynamic', apply: (a) => (isArray(a) ? a.toReversed() : null) }),
  array_iff: iff,
  array_iif: iff,
  array_sort_asc: sortArrays(false),
  array_sort_desc: sortArrays(true),
  array_shift_left: plain({
    params: ['dynamic', 'long', 'dynamic?'],
    returns: 'dynamic',
    nulls: true,
    apply: (a, by, fill) => shift(a, num(by), fill),
  }),
  array_shift_right: plain({
    params: ['dynamic', 'long', 'dynamic?'],
    returns: 'dynamic',
    nulls: true,
    apply: (a, by, fill) => shift(a, -num(by), fill),
  }),
  array_rotate_left: plain({ params: ['dynamic', 'long'], returns: 'dynamic', apply: (a, by) => rotate(a, num(by)) }),
  array_rotate_right: plain({ params: ['dynamic', 'long'], returns: 'dynamic', apply: (a, by) => rotate(a, -num(by)) }),
  repeat: plain({
    params: ['dynamic', 'long'],
    returns: 'dynamic',
    nulls: true,
    apply: (value, count) => repeat(value, num(count)),
  }),
  range,
  dynamic_to_json: plain({ params: ['dynamic'], returns: 'string', apply: (value) => printJson(sortedKeys(value)) }),
};
