import { coerce } from '../compile/coerce.ts';
import { newProjection } from '../compile/columns.ts';
import { compileConstant, compileExpression } from '../compile/expression.ts';
import { type Relation, relationOf, rowScope, type Scope } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { sortedNames } from '../functions/array-sort.ts';
import { itemsOf, need, type Syntax } from '../syntax.ts';
import { convertTo } from '../values/convert.ts';
import { addInt, int, num } from '../values/int64.ts';
import { type KqlColumn, type KqlType, type KqlValue, type Row, typeNamed } from '../values/types.ts';

import { addItem } from './project.ts';

/** `print`: one row; print_0, print_1… where an expression has no name. */
export function compilePrint(node: Syntax, scope: Scope): Relation {
  const projection = newProjection();
  const inner = rowScope(scope, []);
  itemsOf(node, 'Expressions').forEach((item, i) => {
    if (sortedNames(item)) {
      addItem(item, inner, projection, 'project');
      return;
    }
    const compiled = compileExpression(item, inner);
    const name = item.kind === 'SimpleNamedExpression' ? need(item, 'Name').value : `print_${i}`;
    projection.add(name, compiled.type, compiled.eval);
  });
  const evals = projection.outputs.map((output) => output.eval);
  return relationOf(projection.columns(), () => [evals.map((evaluate) => evaluate([]))]);
}

/** `range x from a to b step c`. */
export function compileRange(node: Syntax, scope: Scope): Relation {
  const from = compileConstant(need(node, 'From'), scope);
  const to = compileConstant(need(node, 'To'), scope);
  const step = compileConstant(need(node, 'Step'), scope);
  const real = [from, to, step].some((part) => part.type === 'real');
  const type: KqlType = real && from.type !== 'datetime' && from.type !== 'timespan' ? 'real' : from.type;
  if (type === 'decimal' || type === 'string' || type === 'dynamic') throw unsupportedAt(node, `a range of ${type}`);
  const column: KqlColumn = { name: need(node, 'Name').value, type };
  return {
    columns: [column],
    serialized: true,
    run(emit) {
      for (const value of steps(node, from.value, to.value, step.value, type)) if (!emit([value])) return;
    },
  };
}

/** The values from start to end, both included. */
export function* steps(node: Syntax, from: KqlValue, to: KqlValue, step: KqlValue, type: KqlType): Generator<KqlValue> {
  if (from === null || to === null || step === null) return;
  if (type === 'real') {
    const size = num(step);
    if (size === 0) throw errorAt(node, 'the step must not be 0');
    for (let i = 0; ; i++) {
      const value = num(from) + i * size;
      if (size > 0 ? value > num(to) : value < num(to)) return;
      yield value;
    }
  }
  const size = int(step);
  const end = int(to);
  if (size === 0) throw errorAt(node, 'the step must not be 0');
  for (let value = int(from); size > 0 ? value <= end : value >= end; value = addInt(value, size)) yield value;
}

/** `datatable (a: long) [1, 2]`. */
export function compileDatatable(node: Syntax, scope: Scope): Relation {
  const columns = schemaColumns(need(node, 'Schema'));
  const values = itemsOf(node, 'Values').map((item) => compileConstant(item, scope));
  if (columns.length === 0 || values.length % columns.length !== 0) {
    throw errorAt(node, `datatable has ${values.length} values for ${columns.length} columns`);
  }
  const rows: Row[] = [];
  for (let at = 0; at < values.length; at += columns.length) {
    rows.push(
      columns.map((column, i) => {
        const value = values[at + i];
        return value ? convertTo(value.value, value.type, column.type) : null;
      }),
    );
  }
  return relationOf(columns, () => rows, true);
}

/** The columns of a schema such as (a: long, b: string). */
export function schemaColumns(schema: Syntax): KqlColumn[] {
  return itemsOf(schema, 'Columns').map((column) => {
    const type = typeNamed(need(column, 'Type').text);
    if (!type) throw unsupportedAt(column, `the type ${need(column, 'Type').text}`);
    return { name: need(column, 'Name').value, type };
  });
}

/** An expression that must be a whole number, as after take. */
export function wholeNumber(node: Syntax, scope: Scope): number {
  const compiled = coerce(compileExpression(node, scope), 'long');
  const value = compiled.constant ? compiled.eval([]) : undefined;
  if (typeof value !== 'number') throw errorAt(node, `${node.text} must be a constant whole number`);
  return value;
}
