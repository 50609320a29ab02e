import { type Relation, rowsOf, type WindowSlot } from '../compile/scope.ts';
import { errorAt } from '../errors.ts';
import type { Syntax } from '../syntax.ts';

/** The input with its window functions told of every row; as it is when there are none. */
export function windowed(node: Syntax, input: Relation, slots: readonly WindowSlot[]): Relation {
  if (slots.length === 0) return input;
  if (!input.serialized) {
    throw errorAt(node, 'a window function needs rows in order: put serialize or sort before it');
  }
  return {
    columns: input.columns,
    serialized: true,
    run(emit) {
      const rows = rowsOf(input);
      for (const slot of slots) slot.start(rows);
      for (const [index, row] of rows.entries()) {
        for (const slot of slots) slot.advance(row, index);
        if (!emit(row)) return;
      }
    },
  };
}
