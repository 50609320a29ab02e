import type { Relation, Scope } from '../compile/scope.ts';
import { childOf, need, type Syntax } from '../syntax.ts';
import { expansionOf } from './expansion.ts';
import { wholeNumber } from './sources.ts';

/** `mv-expand`: a row for each item of arrays and bags, side by side when there are several. */
export function compileMvExpand(node: Syntax, input: Relation, scope: Scope): Relation {
  const expansion = expansionOf(node, input.columns, scope);
  const clause = childOf(node, 'RowLimitClause');
  // the old spelling mvexpand stops at 128 rows (page "mv-expand operator")
  const unlimited = /^mvexpand\b/i.test(node.text) ? 128 : Number.POSITIVE_INFINITY;
  const limit = clause ? wholeNumber(need(clause, 'RowLimit'), scope) : unlimited;
  return {
    columns: expansion.columns,
    serialized: input.serialized,
    run(emit) {
      input.run((row) => {
        for (const [i, cells] of expansion.rowsOf(row).entries()) {
          if (i >= limit) return true;
          if (!emit(cells)) return false;
        }
        return true;
      });
    },
  };
}
