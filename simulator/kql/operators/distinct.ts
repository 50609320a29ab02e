import { newProjection, type Projection } from '../compile/columns.ts';
import { type Relation, rowScope, type Scope } from '../compile/scope.ts';
import { itemsOf, type Syntax } from '../syntax.ts';
import { keyOfValues } from '../values/compare.ts';
import type { KqlColumn } from '../values/types.ts';
import { addItem, projectionOf } from './project.ts';

function columnsOf(node: Syntax, columns: readonly KqlColumn[], scope: Scope): Projection {
  const items = itemsOf(node, 'Expressions');
  if (items.some((item) => item.kind === 'StarExpression')) return projectionOf(columns);
  const projection = newProjection();
  for (const item of items) addItem(item, rowScope(scope, columns), projection, 'project');
  return projection;
}

/** `distinct`: each combination once, in the order in which they come. */
export function compileDistinct(node: Syntax, input: Relation, scope: Scope): Relation {
  const projection = columnsOf(node, input.columns, scope);
  const evals = projection.outputs.map((output) => output.eval);
  return {
    columns: projection.columns(),
    serialized: false,
    run(emit) {
      const seen = new Set<string>();
      input.run((row) => {
        const cells = evals.map((evaluate) => evaluate(row));
        const key = keyOfValues(cells);
        if (seen.has(key)) return true;
        seen.add(key);
        return emit(cells);
      });
    },
  };
}
