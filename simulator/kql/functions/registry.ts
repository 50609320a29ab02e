import { coerce } from '../compile/coerce.ts';
import { type Compiled, type Eval, once, type Scope } from '../compile/scope.ts';
import { errorAt, placedAt } from '../errors.ts';
import type { Syntax } from '../syntax.ts';
import { type KqlType, type KqlValue, nullOf } from '../values/types.ts';

/** A call about to be compiled. */
export interface Call {
  node: Syntax;
  name: string;
  args: readonly Compiled[];
  argNodes: readonly Syntax[];
  scope: Scope;
}

export type Bind = (call: Call) => Compiled;

/** A parameter: a type, `any` for the value as it is, with `?` when it may be left out. */
type Parameter = KqlType | 'any' | `${KqlType | 'any'}?`;

type Apply = (a: KqlValue, b: KqlValue, c: KqlValue, d: KqlValue, ...more: KqlValue[]) => KqlValue;

interface Definition {
  params: readonly Parameter[];
  /** The type of all further arguments. */
  rest?: KqlType | 'any';
  returns: KqlType;
  /** Called with nulls too; by default a null argument makes the result null (or '' for a string). */
  nulls?: boolean;
  apply: Apply;
}

function typeOf(parameter: Parameter): KqlType | 'any' {
  const bare = parameter.endsWith('?') ? parameter.slice(0, -1) : parameter;
  return isType(bare) ? bare : 'any';
}

const TYPES: readonly string[] = [
  'string',
  'long',
  'int',
  'real',
  'decimal',
  'bool',
  'datetime',
  'timespan',
  'guid',
  'dynamic',
];

function isType(name: string): name is KqlType {
  return TYPES.includes(name);
}

function converted(call: Call, params: readonly Parameter[], rest: KqlType | 'any' | undefined): Compiled[] {
  const required = params.filter((parameter) => !parameter.endsWith('?')).length;
  const tooMany = !rest && call.args.length > params.length;
  if (call.args.length < required || tooMany) {
    throw errorAt(call.node, `${call.name}() does not take ${call.args.length} arguments`);
  }
  return call.args.map((arg, i) => {
    const parameter = params[i];
    const type = parameter ? typeOf(parameter) : (rest ?? 'any');
    return type === 'any' ? arg : coerce(arg, type);
  });
}

/** The same function, telling where it stands when a row makes it fail. */
export function placed(bind: Bind): Bind {
  return (call) => {
    const compiled = bind(call);
    const evaluate: Eval = (row) => {
      try {
        return compiled.eval(row);
      } catch (error) {
        throw placedAt(call.node, error);
      }
    };
    return { ...compiled, eval: evaluate };
  };
}

/** Applies a function to the values of its arguments. */
export function applied(args: readonly Compiled[], returns: KqlType, nulls: boolean, apply: Apply): Compiled {
  const evals = args.map((arg) => arg.eval);
  const none = nullOf(returns);
  const [a, b, c] = evals;
  let evaluate: Eval;
  if (!a) evaluate = () => apply(null, null, null, null);
  else if (!b) {
    evaluate = (row) => {
      const x = a(row);
      return x === null && !nulls ? none : apply(x, null, null, null);
    };
  } else if (!c) {
    evaluate = (row) => {
      const x = a(row);
      const y = b(row);
      return (x === null || y === null) && !nulls ? none : apply(x, y, null, null);
    };
  } else {
    evaluate = (row) => {
      const values = evals.map((each) => each(row));
      if (!nulls && values.includes(null)) return none;
      const [x = null, y = null, z = null, w = null, ...more] = values;
      return apply(x, y, z, w, ...more);
    };
  }
  return once({ type: returns, constant: args.every((arg) => arg.constant), eval: evaluate });
}

/** A function whose arguments are converted to its parameters' types and whose result has one type. */
export function plain({ params, rest, returns, nulls = false, apply }: Definition): Bind {
  return (call) => applied(converted(call, params, rest), returns, nulls, apply);
}
