import { coerce, commonType } from '../compile/coerce.ts';
import { type Compiled, once } from '../compile/scope.ts';
import { errorAt } from '../errors.ts';
import { compareValues } from '../values/compare.ts';
import { type KqlValue, nullOf } from '../values/types.ts';
import { argumentOf, isEmpty } from './conversion.ts';
import type { Bind, Call } from './registry.ts';

/** iff(), case(): the branches take their common type; only the branch chosen is evaluated. */
function choose(call: Call): Compiled {
  const { args } = call;
  if (args.length < 3 || args.length % 2 === 0) throw errorAt(call.node, `${call.name}() needs pairs and an else`);
  const branches = args.filter((_, i) => i % 2 === 1 || i === args.length - 1);
  const type = commonType(branches.map((branch) => branch.type));
  const results = branches.map((branch) => coerce(branch, type).eval);
  const conditions = args.filter((_, i) => i % 2 === 0 && i < args.length - 1).map((each) => coerce(each, 'bool').eval);
  const last = results.at(-1);
  return once({
    type,
    constant: args.every((arg) => arg.constant),
    eval: (row) => {
      const chosen = conditions.findIndex((condition) => condition(row) === true);
      return (chosen < 0 ? last : results[chosen])?.(row) ?? nullOf(type);
    },
  });
}

function coalesce(call: Call): Compiled {
  const type = commonType(call.args.map((arg) => arg.type));
  const evals = call.args.map((arg) => coerce(arg, type).eval);
  return once({
    type,
    constant: call.args.every((arg) => arg.constant),
    eval: (row) => {
      for (const evaluate of evals) {
        const value = evaluate(row);
        if (!isEmpty(value)) return value;
      }
      return nullOf(type);
    },
  });
}

function extreme(sign: number): Bind {
  return (call) => {
    const type = commonType(call.args.map((arg) => arg.type));
    const evals = call.args.map((arg) => coerce(arg, type).eval);
    return once({
      type,
      constant: call.args.every((arg) => arg.constant),
      eval: (row) => {
        let best: KqlValue = null;
        for (const evaluate of evals) {
          const value = evaluate(row);
          if (value !== null && (best === null || compareValues(value, best, type) * sign > 0)) best = value;
        }
        return best;
      },
    });
  };
}

function not(call: Call): Compiled {
  const { eval: evaluate, constant } = coerce(argumentOf(call), 'bool');
  return once({
    type: 'bool',
    constant,
    eval: (row) => {
      const value = evaluate(row);
      return value === null ? null : value !== true;
    },
  });
}

/** Functions that choose among values. */
export const CHOICE: Readonly<Record<string, Bind>> = {
  iff: choose,
  iif: choose,
  case: choose,
  max_of: extreme(1),
  min_of: extreme(-1),
  coalesce,
  not,
};
