import { columnsBehind } from '../aggregates/columns.ts';
import { newProjection, type Projection } from '../compile/columns.ts';
import { type Relation, rowScope, type Scope } from '../compile/scope.ts';
import { unsupportedAt } from '../errors.ts';
import { childOf, itemsOf, parametersOf, type Syntax } from '../syntax.ts';
import { keyOfValue, keyOfValues } from '../values/compare.ts';
import type { KqlColumn, KqlValue } from '../values/types.ts';
import { planAggregates } from './aggregate-plan.ts';
import { addItem } from './project.ts';

/** A map key for the cells of the by clause. */
export function groupKey(cells: readonly KqlValue[]): ReturnType<typeof keyOfValue> {
  return cells.length === 1 ? keyOfValue(cells[0] ?? null) : keyOfValues(cells);
}

/** The by clause as a projection. */
export function byClause(items: readonly Syntax[], columns: readonly KqlColumn[], scope: Scope): Projection {
  const projection = newProjection();
  for (const item of items) addItem(item, rowScope(scope, columns), projection, 'project');
  return projection;
}

/** `summarize`: a row for each combination of the by clause; one row without it, even over nothing. */
export function compileSummarize(node: Syntax, input: Relation, scope: Scope): Relation {
  for (const name of parametersOf(node).keys()) {
    if (!name.startsWith('hint.')) throw unsupportedAt(node, `summarize ${name}=`);
  }
  const clause = childOf(node, 'ByClause');
  if (clause && childOf(clause, 'BinClause')) throw unsupportedAt(clause, 'summarize … by … bin');
  const byItems = clause ? itemsOf(clause, 'Expressions') : [];
  const by = byClause(byItems, input.columns, scope);
  const keyColumns = by.columns();
  const keyEvals = by.outputs.map((output) => output.eval);
  const plan = planAggregates(
    itemsOf(node, 'Aggregates'),
    input.columns,
    columnsBehind(byItems, input.columns),
    scope,
    by,
  );
  return {
    columns: [...keyColumns, ...plan.columns],
    serialized: false,
    run(emit) {
      const groups = new Map<ReturnType<typeof groupKey>, number>();
      const keys: KqlValue[][] = keyEvals.length === 0 ? [[]] : [];
      const aggregates = plan.start();
      input.run((row) => {
        if (keyEvals.length === 0) {
          aggregates.add(0, row);
          return true;
        }
        const cells = keyEvals.map((evaluate) => evaluate(row));
        const key = groupKey(cells);
        const known = groups.get(key);
        const group = known ?? keys.push(cells) - 1;
        if (known === undefined) groups.set(key, group);
        aggregates.add(group, row);
        return true;
      });
      for (const [group, cells] of keys.entries()) if (!emit([...cells, ...aggregates.finish(group)])) return;
    },
  };
}
