import { compileExpression } from '../compile/expression.ts';
import { type Eval, type Relation, rowScope, rowsOf, type Scope } from '../compile/scope.ts';
import { errorAt } from '../errors.ts';
import { childOf, itemsOf, need, type Syntax } from '../syntax.ts';
import { compareValues } from '../values/compare.ts';
import type { KqlType, KqlValue, Row } from '../values/types.ts';
import { wholeNumber } from './sources.ts';

interface Key {
  eval: Eval;
  type: KqlType;
  descending: boolean;
  nullsFirst: boolean;
}

function keyOf(item: Syntax, input: Relation, scope: Scope): Key {
  const { type, eval: evaluate } = compileExpression(item, rowScope(scope, input.columns));
  if (type === 'dynamic') throw errorAt(item, 'rows cannot be sorted by a dynamic value: cast it, as in tostring(x)');
  const ordering = item.kind === 'OrderedExpression' ? need(item, 'Ordering').text.toLowerCase() : '';
  const descending = !/\basc\b/.test(ordering);
  // page "sort operator": nulls come first when ascending, last when descending
  const nullsFirst = /nulls\s+first/.test(ordering) || (!/nulls\s+last/.test(ordering) && !descending);
  return { eval: evaluate, type, descending, nullsFirst };
}

/** 0 for a value, 1 for NaN, 2 for null: NaN stands between nulls and numbers (page "sort operator"). */
function absence(value: KqlValue): number {
  return value === null ? 2 : Number.isNaN(value) ? 1 : 0;
}

function compareKey(a: KqlValue, b: KqlValue, key: Key): number {
  const x = absence(a);
  const y = absence(b);
  if (x !== y) return key.nullsFirst ? y - x : x - y;
  if (x !== 0) return 0;
  const order = compareValues(a, b, key.type);
  return key.descending ? -order : order;
}

/** The rows in order; equal rows keep theirs. */
function sorted(rows: readonly Row[], keys: readonly Key[]): Row[] {
  const keyed = rows.map((row) => ({ row, cells: keys.map((key) => key.eval(row)) }));
  keyed.sort((a, b) => {
    for (const [i, key] of keys.entries()) {
      const order = compareKey(a.cells[i] ?? null, b.cells[i] ?? null, key);
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

function ordered(input: Relation, keys: readonly Key[], limit = Number.POSITIVE_INFINITY): Relation {
  return {
    columns: input.columns,
    serialized: true,
    run(emit) {
      const rows = sorted(rowsOf(input), keys);
      for (const [i, row] of rows.entries()) if (i >= limit || !emit(row)) return;
    },
  };
}

/** `sort by`, `order by`: descending unless it says otherwise. */
export function compileSort(node: Syntax, input: Relation, scope: Scope): Relation {
  return ordered(
    input,
    itemsOf(node, 'Expressions').map((item) => keyOf(item, input, scope)),
  );
}

/** `top n by key`. */
export function compileTop(node: Syntax, input: Relation, scope: Scope): Relation {
  const limit = wholeNumber(need(node, 'Expression'), scope);
  const by = childOf(node, 'ByExpression');
  if (!by) throw errorAt(node, 'top needs a by');
  return ordered(input, [keyOf(by, input, scope)], limit);
}
