import type { Relation, Scope } from '../compile/scope.ts';
import { need, type Syntax } from '../syntax.ts';
import { wholeNumber } from './sources.ts';

/** `take`, `limit`: the first rows that come. */
export function compileTake(node: Syntax, input: Relation, scope: Scope): Relation {
  const count = wholeNumber(need(node, 'Expression'), scope);
  return {
    columns: input.columns,
    serialized: input.serialized,
    run(emit) {
      let left = count;
      if (left <= 0) return;
      input.run((row) => {
        left--;
        return emit(row) && left > 0;
      });
    },
  };
}
