import { coerce } from '../compile/coerce.ts';
import { compileExpression } from '../compile/expression.ts';
import { type Relation, rowScope, type Scope, type WindowSlot } from '../compile/scope.ts';
import { need, type Syntax } from '../syntax.ts';
import { windowed } from './windowed.ts';

/** `where`: keeps the rows whose condition is true; null is not. */
export function compileFilter(node: Syntax, input: Relation, scope: Scope): Relation {
  const slots: WindowSlot[] = [];
  const condition = need(node, 'Condition');
  const keep = coerce(compileExpression(condition, rowScope(scope, input.columns, slots)), 'bool').eval;
  const source = windowed(condition, input, slots);
  return {
    columns: input.columns,
    serialized: input.serialized,
    run(emit) {
      source.run((row) => keep(row) !== true || emit(row));
    },
  };
}
