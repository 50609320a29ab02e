import { unsupportedAt } from '../errors.ts';
import { need, type Syntax } from '../syntax.ts';
import { isArray, isBag, type KqlValue, keyOf } from '../values/types.ts';
import { type Compiled, once } from './scope.ts';

function memberOf(value: KqlValue, key: string): KqlValue {
  return isBag(value) ? (keyOf(value, key) ?? null) : null;
}

function elementOf(value: KqlValue, index: KqlValue): KqlValue {
  if (typeof index === 'string') return memberOf(value, index);
  if (!isArray(value) || typeof index !== 'number') return null;
  return value[index < 0 ? value.length + index : index] ?? null;
}

/** `a.b` and `a.['b']`: null where a is no bag or has no such key. */
export function compilePath(node: Syntax, target: Compiled, selector: Compiled | undefined): Compiled {
  if (target.type !== 'dynamic') throw unsupportedAt(node, `a path into a ${target.type}`);
  const of = target.eval;
  const right = need(node, 'Selector');
  if (selector) return compileElement(node, target, selector);
  const key = right.value;
  return once({ type: 'dynamic', constant: target.constant, eval: (row) => memberOf(of(row), key) });
}

/** `a[i]` and `a['b']`: a negative index counts from the end. */
export function compileElement(node: Syntax, target: Compiled, selector: Compiled): Compiled {
  if (target.type !== 'dynamic') throw unsupportedAt(node, `an element of a ${target.type}`);
  const of = target.eval;
  const at = selector.eval;
  return once({
    type: 'dynamic',
    constant: target.constant && selector.constant,
    eval: (row) => elementOf(of(row), at(row)),
  });
}
