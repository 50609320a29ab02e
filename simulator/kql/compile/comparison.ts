import { errorAt, unsupportedAt } from '../errors.ts';
import type { Syntax } from '../syntax.ts';
import { compareValues, sameValue } from '../values/compare.ts';
import { convertTo } from '../values/convert.ts';
import { addInt, int } from '../values/int64.ts';
import { unbox } from '../values/json.ts';
import type { KqlType, KqlValue } from '../values/types.ts';
import { coerce, commonType, isNumeric } from './coerce.ts';
import { type Compiled, type Eval, once } from './scope.ts';

/** The type in which two operands are compared; refuses pairs that Kusto does not compare. */
export function comparedType(node: Syntax, a: KqlType, b: KqlType): KqlType {
  if (a === b) return a;
  if (isNumeric(a) && isNumeric(b)) return commonType([a, b]);
  if (a === 'dynamic') return b;
  if (b === 'dynamic') return a;
  const pair = [a, b];
  if (pair.includes('bool') && pair.some(isNumeric)) return commonType(pair.filter((type) => type !== 'bool'));
  if (pair.includes('guid') && pair.includes('string')) return 'guid';
  throw unsupportedAt(node, `comparing ${a} with ${b}: cast one side`);
}

/** An operand in the type of the comparison. A dynamic value of a kind that cannot become that type is null. */
export function operand(expression: Compiled, type: KqlType): Compiled {
  if (expression.type !== 'dynamic' || type === 'dynamic') return coerce(expression, type);
  const evaluate = expression.eval;
  return once({
    type,
    constant: expression.constant,
    eval: (row) => {
      const value = evaluate(row);
      return typeof value === type ? value : castInner(value, type);
    },
  });
}

function castInner(value: KqlValue, type: KqlType): KqlValue {
  const inner = unbox(value);
  if (inner.type === type) return inner.value;
  // a dynamic 1.5 is above 1, not equal to it
  if (inner.type === 'real' && (type === 'long' || type === 'int')) return inner.value;
  return convertTo(value, 'dynamic', type);
}

function pairOf(node: Syntax, left: Compiled, right: Compiled): { a: Eval; b: Eval; type: KqlType; constant: boolean } {
  const type = comparedType(node, left.type, right.type);
  return { a: operand(left, type).eval, b: operand(right, type).eval, type, constant: left.constant && right.constant };
}

/** `==` and `!=`. Null equals nothing; null compared with null is null (page "Null values"). */
export function compileEquality(node: Syntax, negated: boolean, left: Compiled, right: Compiled): Compiled {
  const { a, b, constant } = pairOf(node, left, right);
  return once({
    type: 'bool',
    constant,
    eval: (row) => {
      const x = a(row);
      const y = b(row);
      if (x === null || y === null) return x === y ? null : negated;
      return (typeof x === 'object' ? sameValue(x, y) : x === y) !== negated;
    },
  });
}

/** `<`, `<=`, `>`, `>=`: null when either side is. */
export function compileOrder(node: Syntax, operator: string, left: Compiled, right: Compiled): Compiled {
  const { a, b, type, constant } = pairOf(node, left, right);
  if (type === 'string' || type === 'dynamic' || type === 'guid') {
    throw errorAt(node, `${operator} does not compare ${type} values`);
  }
  return once({
    type: 'bool',
    constant,
    eval: (row) => {
      const x = a(row);
      const y = b(row);
      if (x === null || y === null) return null;
      return ordered(operator, x, y, type);
    },
  });
}

function ordered(operator: string, x: KqlValue, y: KqlValue, type: KqlType): boolean {
  if (Number.isNaN(x) || Number.isNaN(y)) return false;
  const order = compareValues(x, y, type);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

/** `between`: both ends included; a datetime may go up to a timespan after its start. */
export function compileBetween(
  node: Syntax,
  negated: boolean,
  value: Compiled,
  low: Compiled,
  high: Compiled,
): Compiled {
  const end: Compiled =
    low.type === 'datetime' && high.type === 'timespan'
      ? {
          type: 'datetime',
          constant: low.constant && high.constant,
          eval: (row) => {
            const from = low.eval(row);
            const span = high.eval(row);
            return from === null || span === null ? null : addInt(int(from), int(span));
          },
        }
      : high;
  const above = compileOrder(node, '>=', value, low).eval;
  const below = compileOrder(node, '<=', value, end).eval;
  return once({
    type: 'bool',
    constant: value.constant && low.constant && end.constant,
    eval: (row) => {
      const x = above(row);
      const y = below(row);
      if (x === false || y === false) return negated;
      return x === null || y === null ? null : !negated;
    },
  });
}

/** `and`, `or`: false decides an and, true an or, whatever the other side; else null wins. */
export function compileLogic(operator: string, left: Compiled, right: Compiled): Compiled {
  const decisive = operator === 'or';
  const a = coerce(left, 'bool').eval;
  const b = coerce(right, 'bool').eval;
  return once({
    type: 'bool',
    constant: left.constant && right.constant,
    eval: (row) => {
      const x = a(row);
      if (x === decisive) return decisive;
      const y = b(row);
      if (y === decisive) return decisive;
      return x === null || y === null ? null : !decisive;
    },
  });
}
