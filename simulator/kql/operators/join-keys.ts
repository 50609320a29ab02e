import { comparedType, operand } from '../compile/comparison.ts';
import { compileExpression } from '../compile/expression.ts';
import { type Eval, type Relation, rowScope, rowsOf, type Scope } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { itemsOf, need, type Syntax } from '../syntax.ts';
import { keyOfValue, keyOfValues } from '../values/compare.ts';
import type { Row } from '../values/types.ts';

/** The join keys of both sides. */
export interface Keys {
  left: Eval[];
  right: Eval[];
  /** Names of the right columns that equal a left one, which lookup leaves out. */
  rightNames: string[];
}

/** What stands for the join keys of a row in a map. */
export type MapKey = ReturnType<typeof keyOfValue>;

function sideOf(node: Syntax): { side: string; column: Syntax } | undefined {
  if (node.kind !== 'PathExpression') return undefined;
  const side = need(node, 'Expression').value;
  return side === '$left' || side === '$right' ? { side, column: need(node, 'Selector') } : undefined;
}

function conditionsOf(node: Syntax): Syntax[] {
  if (node.kind === 'ParenthesizedExpression') return conditionsOf(need(node, 'Expression'));
  if (node.kind === 'AndExpression') return [...conditionsOf(need(node, 'Left')), ...conditionsOf(need(node, 'Right'))];
  return [node];
}

/** The equalities of an on clause, by side. */
export function keysOf(clause: Syntax, left: Relation, right: Relation, scope: Scope): Keys {
  const keys: Keys = { left: [], right: [], rightNames: [] };
  for (const condition of itemsOf(clause, 'Expressions').flatMap(conditionsOf)) {
    let a: Syntax = condition;
    let b: Syntax = condition;
    if (condition.kind === 'EqualExpression') {
      const first = sideOf(need(condition, 'Left'));
      const second = sideOf(need(condition, 'Right'));
      if (!first || !second || first.side === second.side)
        throw errorAt(condition, 'a join condition is $left.a == $right.b');
      a = first.side === '$left' ? first.column : second.column;
      b = first.side === '$left' ? second.column : first.column;
    } else if (condition.kind !== 'NameReference') {
      throw unsupportedAt(condition, 'a join condition that is no equality of columns');
    }
    const x = compileExpression(a, rowScope(scope, left.columns));
    const y = compileExpression(b, rowScope(scope, right.columns));
    const type = comparedType(condition, x.type, y.type);
    if (type === 'dynamic') throw errorAt(condition, 'a join key cannot be dynamic: cast it, as in tostring(x)');
    keys.left.push(operand(x, type).eval);
    keys.right.push(operand(y, type).eval);
    keys.rightNames.push(b.value);
  }
  return keys;
}

/** One map key for the join keys of a row; undefined when one is null, which equals nothing. */
export function keyReader(evals: readonly Eval[]): (row: Row) => MapKey | undefined {
  const [only, second] = evals;
  if (only && !second) {
    return (row) => {
      const value = only(row);
      return value === null ? undefined : keyOfValue(value);
    };
  }
  return (row) => {
    const values = evals.map((evaluate) => evaluate(row));
    return values.includes(null) ? undefined : keyOfValues(values);
  };
}

/** The join keys that occur in a relation. */
export function keysIn(relation: Relation, keyOf: (row: Row) => MapKey | undefined): Set<MapKey> {
  const keys = new Set<MapKey>();
  relation.run((row) => {
    const key = keyOf(row);
    if (key !== undefined) keys.add(key);
    return true;
  });
  return keys;
}

/** The rows of a relation, and by key. */
export function indexOf(
  relation: Relation,
  keyOf: (row: Row) => MapKey | undefined,
): { rows: Row[]; byKey: Map<MapKey, Row[]> } {
  const rows = rowsOf(relation);
  const byKey = new Map<MapKey, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const same = byKey.get(key);
    if (same) same.push(row);
    else byKey.set(key, [row]);
  }
  return { rows, byKey };
}
