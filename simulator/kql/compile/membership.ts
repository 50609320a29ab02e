import { unsupportedAt } from '../errors.ts';
import { itemsOf, need, type Syntax } from '../syntax.ts';
import { keyOfValue } from '../values/compare.ts';
import { text } from '../values/int64.ts';
import { isArray, type KqlType, type KqlValue } from '../values/types.ts';
import { coerce } from './coerce.ts';
import { comparedType, operand } from './comparison.ts';
import { compileExpression } from './expression.ts';
import { compileTabular, isTabular } from './query.ts';
import { type Compiled, constantValue, type Eval, once, rowsOf, type Scope } from './scope.ts';
import { hasTerm } from './string-match.ts';

interface Candidates {
  type: KqlType;
  constant: boolean;
  values: (row: readonly KqlValue[]) => KqlValue[];
}

/** The values on the right of in, has_any, has_all: a list, an array, or the first column of a table. */
function candidatesOf(node: Syntax, list: readonly Syntax[], scope: Scope): Candidates {
  const [only] = list;
  if (list.length === 1 && only && isTabular(only, scope)) {
    const relation = compileTabular(only, scope);
    const column = relation.columns[0];
    if (!column) throw unsupportedAt(node, 'a table without columns on the right of in');
    let known: KqlValue[] | undefined;
    const values = () => {
      known ??= rowsOf(relation).map((row) => row[0] ?? null);
      return known;
    };
    return { type: column.type, constant: true, values };
  }
  const compiled = list.map((item) => compileExpression(item, scope));
  const types = compiled.map((item) => item.type);
  const first = types.find((type) => type !== 'dynamic') ?? 'dynamic';
  const evals: [Eval, KqlType][] = compiled.map((item) => [item.eval, item.type]);
  return {
    type: first,
    constant: compiled.every((item) => item.constant),
    values: (row) =>
      evals.flatMap(([evaluate]) => {
        const value = evaluate(row);
        return isArray(value) ? value : [value];
      }),
  };
}

/** `in`, `!in`, `in~`, `!in~` (page "Null values", on the in operator). */
export function compileIn(node: Syntax, operator: string, left: Compiled, scope: Scope): Compiled {
  const list = itemsOf(need(node, 'Right'), 'Expressions');
  const negated = operator.startsWith('!');
  const folded = operator.endsWith('~');
  const candidates = candidatesOf(node, list, scope);
  const type = folded ? 'string' : left.type === 'dynamic' ? candidates.type : left.type;
  if (candidates.type !== 'dynamic') comparedType(node, type, candidates.type);
  const value = operand(left, type).eval;
  const keyOf = (of: KqlValue) => keyOfValue(folded ? text(of).toLowerCase() : of);
  const setOf = (row: readonly KqlValue[]) =>
    new Set(
      candidates.values(row).map((item) => keyOf(constantValue(operand(asCompiled(item, candidates.type), type)))),
    );
  let fixed: ReturnType<typeof setOf> | undefined;
  return once({
    type: 'bool',
    constant: left.constant && candidates.constant,
    eval: (row) => {
      const sought = value(row);
      if (candidates.constant) fixed ??= setOf(row);
      const set = fixed ?? setOf(row);
      // like equality with each, joined by or: null equals nothing, and null with null is null
      if (sought === null) return set.has(null) ? null : negated;
      return set.has(keyOf(sought)) !== negated;
    },
  });
}

function asCompiled(value: KqlValue, type: KqlType): Compiled {
  // items of a dynamic array are dynamic, whatever the other items are
  const own = typeof value === 'object' && value !== null ? 'dynamic' : type;
  return { type: own, constant: true, eval: () => value };
}

/** `has_any` and `has_all`. */
export function compileHasList(node: Syntax, all: boolean, left: Compiled, scope: Scope): Compiled {
  const candidates = candidatesOf(node, itemsOf(need(node, 'Right'), 'Expressions'), scope);
  const value = coerce(left, 'string').eval;
  const terms = (row: readonly KqlValue[]) =>
    candidates
      .values(row)
      .filter((item) => item !== null)
      .map((item) => text(constantValue(coerce(asCompiled(item, 'dynamic'), 'string'))).toLowerCase());
  let fixed: string[] | undefined;
  return once({
    type: 'bool',
    constant: left.constant && candidates.constant,
    eval: (row) => {
      if (candidates.constant) fixed ??= terms(row);
      const sought = fixed ?? terms(row);
      const lower = text(value(row)).toLowerCase();
      return all ? sought.every((term) => hasTerm(lower, term)) : sought.some((term) => hasTerm(lower, term));
    },
  });
}
