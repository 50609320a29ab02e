import { errorAt, unsupportedAt } from '../errors.ts';
import { compileSource, isSource, operatorOf } from '../operators/index.ts';
import { itemsOf, need, type Syntax } from '../syntax.ts';
import type { Row } from '../values/types.ts';
import { bindLet, callTableFunction, isTableFunction, tableNamed } from './let.ts';
import { lookUp, type Relation, relationOf, rowsOf, type Scope } from './scope.ts';

/** Whether an expression is a table rather than a value. */
export function isTabular(node: Syntax, scope: Scope): boolean {
  switch (node.kind) {
    case 'PipeExpression':
    case 'MaterializeExpression':
      return true;
    case 'ParenthesizedExpression':
      return isTabular(need(node, 'Expression'), scope);
    case 'NameReference': {
      if (scope.columns.some((column) => column.name === node.value)) return false;
      const binding = lookUp(scope.names, node.value);
      if (binding)
        return binding.kind === 'table' || (binding.kind === 'function' && isTableFunction(node.value, scope));
      return scope.context.table(node.value) !== undefined;
    }
    case 'FunctionCallExpression': {
      const name = need(node, 'Name').value;
      return name === 'table' || isTableFunction(name, scope);
    }
    default:
      return isSource(node) || operatorOf(node) !== undefined;
  }
}

/** Compiles a tabular expression: a table's name, a source such as print, or a pipe of operators. */
export function compileTabular(node: Syntax, scope: Scope): Relation {
  switch (node.kind) {
    case 'PipeExpression':
      return compilePipe(node, scope);
    case 'ParenthesizedExpression':
      return compileTabular(need(node, 'Expression'), scope);
    case 'MaterializeExpression':
      return materialized(compileTabular(need(node, 'Expression'), scope));
    case 'NameReference':
      return compileTableName(node, node.value, scope);
    case 'FunctionCallExpression':
      return compileTableCall(node, scope);
    default:
      if (isSource(node)) return compileSource(node, scope);
      throw unsupportedAt(node, `${readable(node)} as a table`);
  }
}

function readable(node: Syntax): string {
  return node.kind
    .replace(/(Operator|Expression)$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
}

function compilePipe(node: Syntax, scope: Scope): Relation {
  return applyOperator(need(node, 'Operator'), compileTabular(need(node, 'Expression'), scope), scope);
}

/** Compiles operators that start without a table, as inside mv-apply, over an input. */
export function compileSubquery(node: Syntax, input: Relation, scope: Scope): Relation {
  if (node.kind === 'ParenthesizedExpression') return compileSubquery(need(node, 'Expression'), input, scope);
  if (node.kind === 'PipeExpression') {
    const before = compileSubquery(need(node, 'Expression'), input, scope);
    return applyOperator(need(node, 'Operator'), before, scope);
  }
  return applyOperator(node, input, scope);
}

function applyOperator(operator: Syntax, input: Relation, scope: Scope): Relation {
  const compile = operatorOf(operator);
  if (!compile) throw unsupportedAt(operator, `the operator ${readable(operator)}`);
  return compile(operator, input, scope);
}

/** A table by name. */
export function compileTableName(node: Syntax, name: string, scope: Scope): Relation {
  const own = tableNamed(node, name, scope);
  if (own) return own;
  const table = scope.context.table(name);
  if (!table) throw errorAt(node, `the name '${name}' does not refer to any known table`);
  return relationOf(table.columns, () => scope.context.table(name)?.rows ?? []);
}

function compileTableCall(node: Syntax, scope: Scope): Relation {
  const name = need(node, 'Name').value;
  const own = callTableFunction(node, name, scope);
  if (own) return own;
  const [argument] = itemsOf(need(node, 'ArgumentList'), 'Expressions');
  if (name === 'table' && argument?.kind === 'StringLiteralExpression') {
    return compileTableName(node, need(argument, 'Token').value, scope);
  }
  throw unsupportedAt(node, `the function ${name}() as a table`);
}

/** The same relation with its rows kept after the first run. */
export function materialized(relation: Relation): Relation {
  let kept: Row[] | undefined;
  return relationOf(
    relation.columns,
    () => {
      kept ??= rowsOf(relation);
      return kept;
    },
    relation.serialized,
  );
}

/** Compiles the statements of a query; the last tabular (or scalar) expression is its result. */
export function compileStatements(statements: readonly Syntax[], scope: Scope): Relation {
  let result: Relation | undefined;
  for (const statement of statements) {
    switch (statement.kind) {
      case 'LetStatement':
        bindLet(statement, scope);
        break;
      case 'ExpressionStatement':
        if (result) throw unsupportedAt(statement, 'a query with more than one result');
        result = compileTabular(need(statement, 'Expression'), scope);
        break;
      default:
        throw unsupportedAt(statement, `the statement ${statement.kind}`);
    }
  }
  if (!result) throw unsupportedAt(statements[0] ?? EMPTY, 'a query without a tabular expression');
  return result;
}

const EMPTY: Syntax = {
  kind: 'QueryBlock',
  role: '',
  text: '',
  value: '',
  resultName: undefined,
  children: [],
  position: () => ({ start: 0, length: 0, line: 1, column: 1 }),
};
