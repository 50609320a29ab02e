import { coerce, commonType, isNumeric } from '../compile/coerce.ts';
import { type Compiled, constantValue, once } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { TICKS_BEFORE_BASE } from '../values/datetime.ts';
import { addInt, floorToInt, int, negateInt, num, subtractInt } from '../values/int64.ts';
import type { Int64, KqlType, KqlValue } from '../values/types.ts';
import { applied, type Bind, type Call, plain } from './registry.ts';

function real(apply: (x: number) => number): Bind {
  return plain({ params: ['real'], returns: 'real', apply: (x) => apply(num(x)) });
}

/** NaN for what has no logarithm or root, as the pages say null. */
function defined(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function binOf(value: KqlValue, size: KqlValue, type: KqlType): KqlValue {
  if (type === 'real') {
    const width = num(size);
    return width > 0 ? Math.floor(num(value) / width) * width : null;
  }
  const width = int(size);
  if (width <= 0) return null;
  if (type !== 'datetime') return floorToInt(int(value), width);
  const floor = floorToInt(addInt(int(value), TICKS_BEFORE_BASE), width);
  return floor === null ? null : subtractInt(floor, TICKS_BEFORE_BASE);
}

/** The types in which bin() works: number by number, timespan or datetime by timespan. */
function binTypes(call: Call): { type: KqlType; size: KqlType } {
  const value = call.args[0]?.type ?? 'dynamic';
  const size = call.args[1]?.type ?? 'dynamic';
  if (isNumeric(value) && isNumeric(size)) {
    const type = commonType([value, size, 'long']);
    if (type !== 'decimal') return { type, size: type };
  }
  if ((value === 'datetime' || value === 'timespan') && size === 'timespan') return { type: value, size };
  throw unsupportedAt(call.node, `${call.name}() of ${value} by ${size}`);
}

function bin(call: Call): Compiled {
  const { type, size } = binTypes(call);
  const [value, width] = call.args;
  if (!value || !width || call.args.length > 2) throw errorAt(call.node, `${call.name}() needs a value and a size`);
  return applied([coerce(value, type), coerce(width, size)], type, false, (x, y) => binOf(x, y, type));
}

/** bin_at(value, size, fixed): bins that include the fixed point. */
function binAt(call: Call): Compiled {
  const { type, size } = binTypes(call);
  const [value, width, fixed] = call.args;
  if (!value || !width || !fixed) throw errorAt(call.node, 'bin_at() needs a value, a size and a fixed point');
  return applied([coerce(value, type), coerce(width, size), coerce(fixed, type)], type, false, (x, y, z) => {
    if (type === 'real') return num(y) > 0 ? Math.floor((num(x) - num(z)) / num(y)) * num(y) + num(z) : null;
    if (int(y) <= 0) return null;
    const floor = floorToInt(subtractInt(int(x), int(z)), int(y));
    return floor === null ? null : addInt(floor, int(z));
  });
}

function absolute(value: Int64): Int64 {
  return value < 0 ? negateInt(value) : value;
}

function abs(call: Call): Compiled {
  const [value] = call.args;
  if (!value) throw errorAt(call.node, 'abs() needs an argument');
  if (value.type === 'real') return applied([value], 'real', false, (x) => Math.abs(num(x)));
  if (value.type === 'timespan') return applied([value], 'timespan', false, (x) => absolute(int(x)));
  if (value.type === 'decimal' || value.type === 'dynamic') throw unsupportedAt(call.node, `abs() of ${value.type}`);
  return applied([coerce(value, 'long')], 'long', false, (x) => absolute(int(x)));
}

/** ceiling(): whole numbers stay what they are. */
function ceiling(call: Call): Compiled {
  const [value] = call.args;
  if (!value) throw errorAt(call.node, 'ceiling() needs an argument');
  if (value.type === 'int' || value.type === 'long') return value;
  return applied([coerce(value, 'real')], 'real', false, (x) => Math.ceil(num(x)));
}

/** round(x, digits): halves go away from zero; a negative number of digits rounds before the point. */
function round(call: Call): Compiled {
  const [value, precision] = call.args;
  if (!value) throw errorAt(call.node, 'round() needs an argument');
  const type = value.type === 'dynamic' ? 'real' : value.type;
  if (type !== 'real' && type !== 'long' && type !== 'int') throw unsupportedAt(call.node, `round() of ${type}`);
  const digits = precision ? num(constantValue(coerce(precision, 'long'))) : 0;
  const evaluate = coerce(value, type).eval;
  return once({
    type,
    constant: value.constant,
    eval: (row) => {
      const x = evaluate(row);
      if (x === null || (type !== 'real' && digits >= 0)) return x;
      return roundTo(num(x), digits);
    },
  });
}

function roundTo(x: number, digits: number): number {
  const factor = 10 ** Math.abs(digits);
  const scaled = digits >= 0 ? Math.abs(x) * factor : Math.abs(x) / factor;
  if (!Number.isFinite(scaled)) return x;
  const rounded = Math.round(scaled);
  return Math.sign(x) * (digits >= 0 ? rounded / factor : rounded * factor);
}

function floor(call: Call): Compiled {
  return call.args.length === 1 ? real(Math.floor)(call) : bin(call);
}

export const MATH: Readonly<Record<string, Bind>> = {
  abs,
  bin,
  bin_at: binAt,
  ceiling,
  floor,
  round,
  sign: real(Math.sign),
  sqrt: plain({ params: ['real'], returns: 'real', apply: (x) => defined(Math.sqrt(num(x))) }),
  exp: real(Math.exp),
  exp2: real((x) => 2 ** x),
  exp10: real((x) => 10 ** x),
  log: plain({ params: ['real'], returns: 'real', apply: (x) => (num(x) <= 0 ? null : Math.log(num(x))) }),
  log2: plain({ params: ['real'], returns: 'real', apply: (x) => (num(x) <= 0 ? null : Math.log2(num(x))) }),
  log10: plain({ params: ['real'], returns: 'real', apply: (x) => (num(x) <= 0 ? null : Math.log10(num(x))) }),
  pow: plain({ params: ['real', 'real'], returns: 'real', apply: (x, y) => num(x) ** num(y) }),
  pi: plain({ params: [], returns: 'real', apply: () => Math.PI }),
  sin: real(Math.sin),
  cos: real(Math.cos),
  tan: real(Math.tan),
  cot: real((x) => 1 / Math.tan(x)),
  asin: real(Math.asin),
  acos: real(Math.acos),
  atan: real(Math.atan),
  atan2: plain({ params: ['real', 'real'], returns: 'real', apply: (y, x) => Math.atan2(num(y), num(x)) }),
  degrees: real((x) => (x * 180) / Math.PI),
  radians: real((x) => (x * Math.PI) / 180),
};
