import { KqlUnsupportedError, placedAt, unsupportedAt } from '../errors.ts';
import { need, type Syntax } from '../syntax.ts';
import { inRange, TICKS_BEFORE_BASE } from '../values/datetime.ts';
import { addDecimal, divideDecimal, multiplyDecimal, subtractDecimal } from '../values/decimal.ts';
import {
  addInt,
  divideInt,
  int,
  moduloInt,
  multiplyInt,
  negateInt,
  num,
  subtractInt,
  text,
  truncateToInt64,
} from '../values/int64.ts';
import { unbox } from '../values/json.ts';
import type { KqlType, KqlValue } from '../values/types.ts';
import { coerce, isNumeric } from './coerce.ts';
import { type Compiled, once } from './scope.ts';

type Operator = '+' | '-' | '*' | '/' | '%';
type Apply = (a: KqlValue, b: KqlValue) => KqlValue;

function moduloReal(a: number, b: number): number {
  const rest = a % b;
  return rest < 0 ? rest + Math.abs(b) : rest;
}

const LONG: Readonly<Record<Operator, Apply>> = {
  '+': (a, b) => addInt(int(a), int(b)),
  '-': (a, b) => subtractInt(int(a), int(b)),
  '*': (a, b) => multiplyInt(int(a), int(b)),
  '/': (a, b) => divideInt(int(a), int(b)),
  '%': (a, b) => moduloInt(int(a), int(b)),
};
const REAL: Readonly<Record<Operator, Apply>> = {
  '+': (a, b) => num(a) + num(b),
  '-': (a, b) => num(a) - num(b),
  '*': (a, b) => num(a) * num(b),
  '/': (a, b) => num(a) / num(b),
  '%': (a, b) => moduloReal(num(a), num(b)),
};
const DECIMAL: Readonly<Record<Exclude<Operator, '%'>, Apply>> = {
  '+': (a, b) => addDecimal(text(a), text(b)),
  '-': (a, b) => subtractDecimal(text(a), text(b)),
  '*': (a, b) => multiplyDecimal(text(a), text(b)),
  '/': (a, b) => divideDecimal(text(a), text(b)),
};
const scale: Apply = (span, factor) => truncateToInt64(Math.round(num(span) * num(factor)));

/** What each pair of types gives; keys are `left operator right`. Numbers are treated apart. */
const TIMES: Readonly<Record<string, [KqlType, Apply]>> = {
  'datetime-datetime': ['timespan', LONG['-']],
  'datetime+timespan': ['datetime', (a, b) => inRange(addInt(int(a), int(b)))],
  'timespan+datetime': ['datetime', (a, b) => inRange(addInt(int(a), int(b)))],
  'datetime-timespan': ['datetime', (a, b) => inRange(subtractInt(int(a), int(b)))],
  // the remainder counts from year 1, where ticks of a datetime start
  'datetime%timespan': ['timespan', (a, b) => moduloInt(addInt(int(a), TICKS_BEFORE_BASE), int(b))],
  'timespan+timespan': ['timespan', LONG['+']],
  'timespan-timespan': ['timespan', LONG['-']],
  'timespan/timespan': ['real', REAL['/']],
  'timespan%timespan': ['timespan', LONG['%']],
  'timespan*long': ['timespan', LONG['*']],
  'timespan*real': ['timespan', scale],
  'long*timespan': ['timespan', LONG['*']],
  'real*timespan': ['timespan', (a, b) => scale(b, a)],
  'timespan/long': ['timespan', LONG['/']],
  'timespan/real': ['timespan', (a, b) => truncateToInt64(Math.round(num(a) / num(b)))],
};

function numberType(a: KqlType, b: KqlType): KqlType {
  if (a === 'real' || b === 'real') return a === 'decimal' ? 'decimal' : 'real';
  return a === 'decimal' || b === 'decimal' ? 'decimal' : 'long';
}

function numeric(node: Syntax, operator: Operator, type: KqlType): Apply {
  if (type === 'real') return REAL[operator];
  if (type !== 'decimal') return LONG[operator];
  if (operator === '%') throw unsupportedAt(node, 'the remainder of decimals');
  return DECIMAL[operator];
}

// no page says what a whole number or a decimal divided by zero is
function refuseZero(operator: Operator, divisor: KqlValue): void {
  if (operator !== '/' && operator !== '%') return;
  if (divisor === 0 || divisor === '0')
    throw new KqlUnsupportedError('a division of whole numbers by zero: use todouble(x)');
}

function binary(node: Syntax, operator: Operator, type: KqlType, a: Compiled, b: Compiled, apply: Apply): Compiled {
  const left = a.eval;
  const right = b.eval;
  return once({
    type,
    constant: a.constant && b.constant,
    eval: (row) => {
      const x = left(row);
      if (x === null) return null;
      const y = right(row);
      if (y === null) return null;
      try {
        if (type !== 'real') refuseZero(operator, y);
        return apply(x, y);
      } catch (error) {
        throw placedAt(node, error);
      }
    },
  });
}

/** A dynamic operand takes the type of the other; a value of another type is refused when it turns up. */
function settled(node: Syntax, operand: Compiled, other: KqlType): Compiled {
  if (operand.type !== 'dynamic') return operand;
  if (other === 'dynamic')
    throw unsupportedAt(node, 'arithmetic between two dynamic values: cast one, as in tolong(x)');
  const target = other === 'int' ? 'long' : other;
  return {
    type: target,
    constant: operand.constant,
    eval: (row) => {
      const inner = unbox(operand.eval(row));
      if (inner.type === 'null') return null;
      const fits = inner.type === target || (target === 'real' && inner.type === 'long');
      if (!fits)
        throw unsupportedAt(node, `arithmetic of a ${target} and a dynamic ${inner.type}: cast it, as in todouble(x)`);
      return inner.value;
    },
  };
}

/** `a operator b` for + - * / %. */
export function compileArithmetic(node: Syntax, operator: string, left: Compiled, right: Compiled): Compiled {
  if (operator !== '+' && operator !== '-' && operator !== '*' && operator !== '/' && operator !== '%') {
    throw unsupportedAt(node, `the operator ${operator}`);
  }
  const a = settled(need(node, 'Left'), left, right.type);
  const b = settled(need(node, 'Right'), right, left.type);
  if (isNumeric(a.type) && isNumeric(b.type)) {
    const type = numberType(a.type, b.type);
    return binary(node, operator, type, coerce(a, type), coerce(b, type), numeric(node, operator, type));
  }
  const name = (type: KqlType) => (type === 'int' ? 'long' : type);
  const rule = TIMES[`${name(a.type)}${operator}${name(b.type)}`];
  if (!rule) throw unsupportedAt(node, `${a.type} ${operator} ${b.type}`);
  return binary(node, operator, rule[0], a, b, rule[1]);
}

/** `-a`. */
export function compileNegation(node: Syntax, operand: Compiled): Compiled {
  const { type, eval: evaluate } = operand;
  const negate = (value: KqlValue): KqlValue => {
    if (value === null) return null;
    if (type === 'real') return -num(value);
    return type === 'decimal' ? subtractDecimal('0', text(value)) : negateInt(int(value));
  };
  if (!isNumeric(type) && type !== 'timespan')
    throw unsupportedAt(node, `- of a ${type} value: cast it, as in tolong(x)`);
  // -int(1) is an int, the negative of an int column a long
  const literal = need(node, 'Expression').kind === 'IntLiteralExpression';
  return once({
    type: type === 'int' && !literal ? 'long' : type,
    constant: operand.constant,
    eval: (row) => negate(evaluate(row)),
  });
}
