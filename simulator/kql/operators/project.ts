import { newProjection, type Projection } from '../compile/columns.ts';
import { compileExpression } from '../compile/expression.ts';
import { type Compiled, type Relation, rowScope, type Scope, type WindowSlot } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { sortedNames } from '../functions/array-sort.ts';
import { itemsOf, need, type Syntax } from '../syntax.ts';
import { isArray, type KqlColumn, type Row } from '../values/types.ts';
import { windowed } from './windowed.ts';

/** Whether columns start anew, replace those of their name, or stand beside them. */
type Style = 'project' | 'extend' | 'serialize';

/** `project`: the named columns, in that order. */
export function compileProject(node: Syntax, input: Relation, scope: Scope): Relation {
  return compileItems(node, input, scope, newProjection(), 'project');
}

/** `extend`: new columns at the end, columns of the same name replaced. */
export function compileExtend(node: Syntax, input: Relation, scope: Scope): Relation {
  return compileItems(node, input, scope, projectionOf(input.columns), 'extend');
}

/** `serialize`: like extend, and the order of the rows means something from here. */
export function compileSerialize(node: Syntax, input: Relation, scope: Scope): Relation {
  return compileItems(node, { ...input, serialized: true }, scope, projectionOf(input.columns), 'serialize');
}

/** The columns as they are. */
export function projectionOf(columns: readonly KqlColumn[]): Projection {
  const projection = newProjection();
  columns.forEach(({ name, type }, i) => {
    projection.add(name, type, (row) => row[i] ?? null);
  });
  return projection;
}

function compileItems(node: Syntax, input: Relation, scope: Scope, projection: Projection, style: Style): Relation {
  const slots: WindowSlot[] = [];
  const inner = rowScope(scope, input.columns, slots);
  for (const item of itemsOf(node, 'Expressions')) addItem(item, inner, projection, style);
  const source = windowed(node, input, slots);
  const evals = projection.outputs.map((output) => output.eval);
  return {
    columns: projection.columns(),
    serialized: input.serialized,
    run(emit) {
      source.run((row) => emit(evals.map((evaluate) => evaluate(row))));
    },
  };
}

/** Adds one `name = expression`, `(a, b) = expression` or nameless expression. */
export function addItem(item: Syntax, scope: Scope, projection: Projection, style: Style): void {
  if (item.kind === 'CompoundNamedExpression') {
    addNames(item, compileExpression(need(item, 'Expression'), scope), projection);
    return;
  }
  if (item.kind === 'StarExpression') throw unsupportedAt(item, '* in a projection');
  const several = sortedNames(item.kind === 'SimpleNamedExpression' ? need(item, 'Expression') : item);
  if (several) {
    addSeveral(item, several, compileExpression(item, scope), projection);
    return;
  }
  const { type, eval: evaluate } = compileExpression(item, scope);
  const given = item.kind === 'SimpleNamedExpression' ? need(item, 'Name').value : undefined;
  const column = item.kind === 'NameReference' ? item.value : undefined;
  const reserved = style === 'project' ? [] : scope.columns;
  const name = given ?? column ?? item.resultName ?? projection.defaultName(reserved);
  // extend replaces a column of that name; serialize leaves it, unless the column itself is meant
  if (style === 'extend' || (style === 'serialize' && column !== undefined)) projection.set(name, type, evaluate);
  else if (given !== undefined || column !== undefined) projection.declare(item, name, type, evaluate);
  else projection.add(name, type, evaluate);
}

// a function that gives several columns; a name before the = is that of the first
function addSeveral(item: Syntax, names: readonly string[], value: Compiled, projection: Projection): void {
  names.forEach((name, i) => {
    const cell = (row: Row) => {
      const array = value.eval(row);
      return isArray(array) ? (array[i] ?? null) : null;
    };
    if (i === 0 && item.kind === 'SimpleNamedExpression')
      projection.declare(item, need(item, 'Name').value, 'dynamic', cell);
    else projection.add(name, 'dynamic', cell);
  });
}

// (a, b) = array: the elements one by one
function addNames(item: Syntax, value: Compiled, projection: Projection): void {
  if (value.type !== 'dynamic') throw errorAt(item, 'several names need a dynamic array');
  itemsOf(need(item, 'Names'), 'Names').forEach((name, i) => {
    projection.declare(name, name.value, 'dynamic', (row) => {
      const array = value.eval(row);
      return isArray(array) ? (array[i] ?? null) : null;
    });
  });
}
