import { isAggregate } from '../aggregates/index.ts';
import { errorAt, placedAt, unsupportedAt } from '../errors.ts';
import { findFunction } from '../functions/index.ts';
import { childOf, itemsOf, need, type Syntax } from '../syntax.ts';
import { text } from '../values/int64.ts';
import { compileArithmetic, compileNegation } from './arithmetic.ts';
import { coerce } from './coerce.ts';
import { compileBetween, compileEquality, compileLogic, compileOrder } from './comparison.ts';
import { callScalarFunction, scalarOf } from './let.ts';
import { isLiteral, literalOf } from './literal.ts';
import { compileHasList, compileIn } from './membership.ts';
import { compileElement, compilePath } from './path.ts';
import { compileTabular, isTabular } from './query.ts';
import { compileRegex } from './regex.ts';
import { type Compiled, constant, constantValue, once, rowsOf, type Scope } from './scope.ts';
import { compileStringMatch, isStringOperator } from './string-match.ts';

/** Compiles a scalar expression. Throws KqlUnsupportedError for what this interpreter does not know. */
export function compileExpression(node: Syntax, scope: Scope): Compiled {
  if (isLiteral(node)) {
    const literal = literalOf(node, scope.context.now);
    return constant(literal.type, literal.value);
  }
  switch (node.kind) {
    case 'NameReference':
      return compileName(node, scope);
    case 'ParenthesizedExpression':
    case 'SimpleNamedExpression':
    case 'OrderedExpression':
      return compileExpression(need(node, 'Expression'), scope);
    case 'BracketedExpression':
      return compileExpression(need(node, 'Expression'), scope);
    case 'PathExpression': {
      const selector = need(node, 'Selector');
      const dynamic = selector.kind === 'BracketedExpression' ? compileExpression(selector, scope) : undefined;
      return compilePath(node, compileExpression(need(node, 'Expression'), scope), dynamic);
    }
    case 'ElementExpression':
      return compileElement(
        node,
        compileExpression(need(node, 'Expression'), scope),
        compileExpression(need(node, 'Selector'), scope),
      );
    case 'UnaryMinusExpression':
      return compileNegation(node, compileExpression(need(node, 'Expression'), scope));
    case 'UnaryPlusExpression':
      return compileExpression(need(node, 'Expression'), scope);
    case 'FunctionCallExpression':
      return compileCall(node, scope);
    case 'ToScalarExpression':
      return compileToScalar(node, scope);
    case 'BetweenExpression':
    case 'NotBetweenExpression': {
      const couple = need(node, 'Right');
      return compileBetween(
        node,
        node.kind === 'NotBetweenExpression',
        compileExpression(need(node, 'Left'), scope),
        compileExpression(need(couple, 'First'), scope),
        compileExpression(need(couple, 'Second'), scope),
      );
    }
    default:
      return compileBinary(node, scope);
  }
}

function compileName(node: Syntax, scope: Scope): Compiled {
  const name = node.value;
  const index = scope.columns.findIndex((column) => column.name === name);
  const column = scope.columns[index];
  if (column) return { type: column.type, constant: false, eval: (row) => row[index] ?? null };
  const scalar = scalarOf(node, name, scope);
  if (scalar) return scalar;
  throw errorAt(node, `the name '${name}' does not refer to any known column or variable`);
}

function compileBinary(node: Syntax, scope: Scope): Compiled {
  const operatorNode = childOf(node, 'Operator');
  if (!operatorNode) throw unsupportedAt(node, node.kind);
  const operator = operatorNode.text.toLowerCase().replace(/\s+/g, ' ');
  const left = compileExpression(need(node, 'Left'), scope);
  if (/^!?in~?$/.test(operator)) return compileIn(node, operator, left, scope);
  if (operator === 'has_any' || operator === 'has_all') {
    return compileHasList(node, operator === 'has_all', left, scope);
  }
  const right = compileExpression(need(node, 'Right'), scope);
  switch (operator) {
    case 'and':
    case 'or':
      return compileLogic(operator, left, right);
    case '==':
    case '!=':
    case '<>':
      return compileEquality(node, operator !== '==', left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compileOrder(node, operator, left, right);
    case 'matches regex':
      return compileMatch(node, left, right);
    default:
      return isStringOperator(operator)
        ? compileStringMatch(operator, left, right)
        : compileArithmetic(node, operator, left, right);
  }
}

function compileMatch(node: Syntax, left: Compiled, right: Compiled): Compiled {
  const value = coerce(left, 'string').eval;
  const pattern = coerce(right, 'string').eval;
  return once({
    type: 'bool',
    constant: left.constant && right.constant,
    eval: (row) => {
      try {
        return text(value(row)).search(compileRegex(text(pattern(row)))) >= 0;
      } catch (error) {
        throw placedAt(node, error);
      }
    },
  });
}

/** toscalar(): the first cell of the first row, computed once. */
function compileToScalar(node: Syntax, scope: Scope): Compiled {
  const inner = need(node, 'Expression');
  if (!isTabular(inner, scope)) return compileExpression(inner, scope);
  const relation = compileTabular(inner, scope);
  const column = relation.columns[0];
  if (!column) throw errorAt(node, 'toscalar() needs a table with a column');
  return once({
    type: column.type,
    constant: true,
    eval: () => rowsOf(relation)[0]?.[0] ?? (column.type === 'string' ? '' : null),
  });
}

function compileCall(node: Syntax, scope: Scope): Compiled {
  const name = need(node, 'Name').value;
  const own = callScalarFunction(node, name, scope);
  if (own) return own;
  if (isAggregate(name)) {
    if (!scope.aggregates) throw errorAt(node, `${name}() stands outside of summarize`);
    return scope.aggregates.add(node, name, scope);
  }
  const bind = findFunction(name);
  if (!bind) throw unsupportedAt(node, `the function ${name}()`);
  const argNodes = itemsOf(need(node, 'ArgumentList'), 'Expressions');
  const args = argNodes.map((argument) => compileArgument(argument, scope));
  return bind({ node, name, args, argNodes, scope });
}

// typeof(long) and * are arguments that only their function can read
function compileArgument(node: Syntax, scope: Scope): Compiled {
  if (node.kind === 'TypeOfLiteralExpression' || node.kind === 'StarExpression') return constant('string', node.text);
  return compileExpression(node, scope);
}

/** The value of an expression that must be constant here. */
export function compileConstant(
  node: Syntax,
  scope: Scope,
): { type: Compiled['type']; value: ReturnType<Compiled['eval']> } {
  const compiled = compileExpression(node, scope);
  if (!compiled.constant) throw errorAt(node, `${node.text} must be a constant here`);
  return { type: compiled.type, value: constantValue(compiled) };
}
