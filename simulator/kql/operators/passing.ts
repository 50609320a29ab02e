import { callTableFunction } from '../compile/let.ts';
import { materialized } from '../compile/query.ts';
import { type Relation, relationOf, type Scope } from '../compile/scope.ts';
import { unsupportedAt } from '../errors.ts';
import { childOf, need, type Syntax } from '../syntax.ts';

/** `as name`: the rows so far under a name. */
export function compileAs(node: Syntax, input: Relation, scope: Scope): Relation {
  const relation = materialized(input);
  scope.names.bindings.set(need(node, 'Name').value, { kind: 'table', relation });
  return relation;
}

/** `count`, `count as name`. */
export function compileCount(node: Syntax, input: Relation): Relation {
  const as = childOf(node, 'AsIdentifier');
  return {
    columns: [{ name: as ? need(as, 'Identifier').value : 'Count', type: 'long' }],
    serialized: false,
    run(emit) {
      let count = 0;
      input.run(() => {
        count++;
        return true;
      });
      emit([count]);
    },
  };
}

const DATA_TYPES: Readonly<Record<string, string>> = {
  string: 'System.String',
  long: 'System.Int64',
  int: 'System.Int32',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  bool: 'System.SByte',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  guid: 'System.Guid',
  dynamic: 'System.Object',
};

/** `getschema`: a row for each column. */
export function compileGetSchema(_node: Syntax, input: Relation): Relation {
  return relationOf(
    [
      { name: 'ColumnName', type: 'string' },
      { name: 'ColumnOrdinal', type: 'long' },
      { name: 'DataType', type: 'string' },
      { name: 'ColumnType', type: 'string' },
    ],
    () => input.columns.map(({ name, type }, i) => [name, i, DATA_TYPES[type] ?? null, type]),
  );
}

/** `invoke f(…)`: the rows so far are the function's first argument. */
export function compileInvoke(node: Syntax, input: Relation, scope: Scope): Relation {
  const call = need(node, 'Function');
  const name = need(call, 'Name').value;
  const result = callTableFunction(call, name, scope, input);
  if (!result) throw unsupportedAt(node, `invoke ${name}()`);
  return result;
}

/** `render`: says how to draw the rows, and leaves them alone. */
export function compileRender(_node: Syntax, input: Relation): Relation {
  return input;
}
