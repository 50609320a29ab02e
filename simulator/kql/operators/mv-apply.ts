import { freeName } from '../compile/columns.ts';
import { compileSubquery } from '../compile/query.ts';
import { type Relation, relationOf, type Scope } from '../compile/scope.ts';
import { unsupportedAt } from '../errors.ts';
import { childOf, descendantsOf, need, type Syntax } from '../syntax.ts';
import type { KqlColumn, Row } from '../values/types.ts';
import { expansionOf } from './expansion.ts';
import { wholeNumber } from './sources.ts';

/** Refuses what would make the subquery's result depend on another row, or hide an outer column. */
function checkSubquery(subquery: Syntax, outer: readonly string[]): void {
  for (const node of descendantsOf(subquery)) {
    if (/^(AsOperator|MaterializeExpression|EvaluateOperator)$/.test(node.kind)) {
      throw unsupportedAt(node, `${node.text} inside mv-apply`);
    }
    if (node.kind === 'SimpleNamedExpression' && outer.includes(need(node, 'Name').value)) {
      throw unsupportedAt(node, `mv-apply giving a new meaning to the column '${need(node, 'Name').value}'`);
    }
  }
}

/** `mv-apply`: runs a subquery over the items of each row; its columns stand beside the row's own. */
export function compileMvApply(node: Syntax, input: Relation, scope: Scope): Relation {
  const expansion = expansionOf(node, input.columns, scope);
  const clause = childOf(node, 'RowLimitClause');
  const limit = clause ? wholeNumber(need(clause, 'RowLimit'), scope) : Number.POSITIVE_INFINITY;
  const subquery = need(need(node, 'Subquery'), 'Expression');
  const outer = input.columns.flatMap((column, i) => (expansion.items.includes(column.name) ? [] : [{ column, i }]));
  checkSubquery(
    subquery,
    outer.map(({ column }) => column.name),
  );
  let items: readonly Row[] = [];
  const inner = compileSubquery(
    subquery,
    relationOf(expansion.columns, () => items, true),
    scope,
  );
  const columns: KqlColumn[] = outer.map(({ column }) => column);
  const taken = new Set(columns.map((column) => column.name));
  const own: number[] = [];
  inner.columns.forEach((column, i) => {
    if (outer.some((each) => each.column.name === column.name)) return;
    const name = freeName(column.name, taken);
    taken.add(name);
    columns.push({ name, type: column.type });
    own.push(i);
  });
  return {
    columns,
    serialized: input.serialized,
    run(emit) {
      input.run((row) => {
        items = expansion.rowsOf(row).slice(0, limit);
        const kept = outer.map(({ i }) => row[i] ?? null);
        let open = true;
        if (items.length === 0) return true;
        inner.run((cells) => {
          open = emit([...kept, ...own.map((place) => cells[place] ?? null)]);
          return open;
        });
        return open;
      });
    },
  };
}
