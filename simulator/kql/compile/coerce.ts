import { convertTo } from '../values/convert.ts';
import { num } from '../values/int64.ts';
import type { KqlType } from '../values/types.ts';
import { type Compiled, once } from './scope.ts';

/** The expression as another type: what the engine does where a parameter or an operand wants that type. */
export function coerce(expression: Compiled, to: KqlType): Compiled {
  const { type, eval: evaluate } = expression;
  if (type === to || (type === 'int' && to === 'long'))
    return expression.type === to ? expression : { ...expression, type: to };
  if (to === 'real' && (type === 'long' || type === 'int')) {
    return once({
      type: to,
      constant: expression.constant,
      eval: (row) => {
        const value = evaluate(row);
        return value === null ? null : num(value);
      },
    });
  }
  return once({ type: to, constant: expression.constant, eval: (row) => convertTo(evaluate(row), type, to) });
}

const NUMBERS: readonly KqlType[] = ['int', 'long', 'real', 'decimal'];

export function isNumeric(type: KqlType): boolean {
  return NUMBERS.includes(type);
}

/** The type several values share: the widest number, else the first type that is not dynamic. */
export function commonType(types: readonly KqlType[]): KqlType {
  const known = types.filter((type) => type !== 'dynamic');
  const first = known[0];
  if (first === undefined) return 'dynamic';
  if (!known.every(isNumeric)) return known.every((type) => type === first) ? first : 'dynamic';
  return NUMBERS[Math.max(...known.map((type) => NUMBERS.indexOf(type)))] ?? first;
}
