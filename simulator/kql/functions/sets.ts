import { coerce } from '../compile/coerce.ts';
import { type Eval, once } from '../compile/scope.ts';
import { keyOfValue } from '../values/compare.ts';
import { isArray, type KqlValue } from '../values/types.ts';
import { type Bind, type Call, plain } from './registry.ts';

/** The arguments as dynamic values, whatever their types. */
export function dynamics(call: Call): Eval[] {
  return call.args.map((arg) => coerce(arg, 'dynamic').eval);
}

export function sameItem(a: KqlValue, b: KqlValue): boolean {
  return keyOfValue(a) === keyOfValue(b);
}

type Sets = (first: readonly KqlValue[], others: readonly (readonly KqlValue[])[]) => KqlValue[];

function unique(values: readonly KqlValue[]): KqlValue[] {
  const seen = new Map(values.map((value) => [keyOfValue(value), value]));
  return [...seen.values()];
}

function setFunction(combine: Sets): Bind {
  return (call) => {
    const evals = dynamics(call);
    return once({
      type: 'dynamic',
      constant: call.args.every((arg) => arg.constant),
      eval: (row) => {
        const arrays = evals.map((evaluate) => evaluate(row));
        const all = arrays.filter(isArray);
        const [first, ...others] = all;
        return first && all.length === arrays.length ? combine(first, others) : null;
      },
    });
  };
}

function keysOf(values: readonly KqlValue[]): Set<ReturnType<typeof keyOfValue>> {
  return new Set(values.map(keyOfValue));
}

/** Functions that combine arrays. */
export const SETS: Readonly<Record<string, Bind>> = {
  array_concat: setFunction((first, others) => [...first, ...others.flat()]),
  set_union: setFunction((first, others) => unique([...first, ...others.flat()])),
  set_intersect: setFunction((first, others) => {
    const rest = others.map(keysOf);
    return unique(first).filter((item) => rest.every((keys) => keys.has(keyOfValue(item))));
  }),
  set_difference: setFunction((first, others) => {
    const gone = keysOf(others.flat());
    return unique(first).filter((item) => !gone.has(keyOfValue(item)));
  }),
  set_has_element: plain({
    params: ['dynamic', 'dynamic'],
    returns: 'bool',
    apply: (a, sought) => (isArray(a) ? a.some((item) => sameItem(item, sought)) : null),
  }),
};
