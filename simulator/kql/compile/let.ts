import { errorAt, unsupportedAt } from '../errors.ts';
import { childOf, itemsOf, need, type Syntax } from '../syntax.ts';
import { typeNamed } from '../values/types.ts';
import { coerce } from './coerce.ts';
import { compileExpression } from './expression.ts';
import { compileTabular, isTabular } from './query.ts';
import {
  type Binding,
  type Compiled,
  innerNames,
  lookUp,
  type Names,
  once,
  type Relation,
  type Scope,
} from './scope.ts';

/** A variable by name; undefined when the name is no scalar variable. */
export function scalarOf(node: Syntax, name: string, scope: Scope): Compiled | undefined {
  const binding = lookUp(scope.names, name);
  if (binding?.kind === 'scalar') {
    if (!binding.value.constant && binding.depth !== scope.depth) {
      throw unsupportedAt(node, `the argument '${name}' depends on a row and is used inside another query`);
    }
    return binding.value;
  }
  if (binding?.kind === 'function') {
    const body = enterFunction(node, binding, [], undefined, scope);
    return isTabular(body.result, body.scope) ? undefined : compileExpression(body.result, body.scope);
  }
  return undefined;
}

function isFunction(node: Syntax): boolean {
  return node.kind === 'FunctionDeclaration';
}

/** Brings in the name of a let statement. */
export function bindLet(statement: Syntax, scope: Scope): void {
  const name = need(statement, 'Name').value;
  const value = need(statement, 'Expression');
  scope.names.bindings.set(name, bindingOf(value, scope));
}

function bindingOf(value: Syntax, scope: Scope): Binding {
  if (isFunction(value)) return { kind: 'function', declaration: value, scope: scope.names };
  if (isTabular(value, scope)) return { kind: 'table', relation: compileTabular(value, scope) };
  return { kind: 'scalar', value: once(compileExpression(value, { ...scope, columns: [] })), depth: scope.depth };
}

interface Entered {
  /** The expression the function returns. */
  result: Syntax;
  scope: Scope;
}

function parameterBinding(parameter: Syntax, argument: Syntax | undefined, caller: Scope): Binding {
  const declared = need(parameter, 'NameAndType');
  const type = need(declared, 'Type');
  if (type.kind === 'SchemaTypeExpression') {
    if (!argument) throw errorAt(parameter, `the table ${need(declared, 'Name').value} is missing`);
    return { kind: 'table', relation: compileTabular(argument, caller) };
  }
  const scalar = typeNamed(type.text);
  if (!scalar) throw unsupportedAt(type, `the parameter type ${type.text}`);
  const fallback = childOf(parameter, 'DefaultValue');
  const value = argument ?? (fallback ? need(fallback, 'Value') : undefined);
  if (!value) throw errorAt(parameter, `the argument ${need(declared, 'Name').value} is missing`);
  return { kind: 'scalar', value: coerce(compileExpression(value, caller), scalar), depth: caller.depth };
}

function enterFunction(
  call: Syntax,
  { declaration, scope: defined }: Extract<Binding, { kind: 'function' }>,
  args: readonly Syntax[],
  piped: Relation | undefined,
  caller: Scope,
): Entered {
  const names: Names = innerNames(defined);
  const parameters = itemsOf(need(declaration, 'Parameters'), 'Parameters');
  const given = piped ? args.length + 1 : args.length;
  if (given > parameters.length) throw errorAt(call, `the function takes ${parameters.length} arguments`);
  const [first] = parameters;
  if (piped && first)
    names.bindings.set(need(need(first, 'NameAndType'), 'Name').value, { kind: 'table', relation: piped });
  const rest = piped ? parameters.slice(1) : parameters;
  const byName = new Map<string, Syntax>();
  const byPosition: Syntax[] = [];
  for (const argument of args) {
    if (argument.kind === 'SimpleNamedExpression')
      byName.set(need(argument, 'Name').value, need(argument, 'Expression'));
    else byPosition.push(argument);
  }
  rest.forEach((parameter, i) => {
    const name = need(need(parameter, 'NameAndType'), 'Name').value;
    names.bindings.set(name, parameterBinding(parameter, byName.get(name) ?? byPosition[i], caller));
  });
  const body = need(declaration, 'Body');
  const scope: Scope = { ...caller, names, columns: [], windows: undefined, aggregates: undefined };
  for (const statement of itemsOf(body, 'Statements')) {
    if (statement.kind !== 'LetStatement') throw unsupportedAt(statement, `${statement.kind} in a function`);
    bindLet(statement, scope);
  }
  return { result: need(body, 'Expression'), scope };
}

function enterCall(node: Syntax, name: string, scope: Scope, piped?: Relation): Entered | undefined {
  const binding = lookUp(scope.names, name);
  if (binding?.kind !== 'function') return undefined;
  return enterFunction(node, binding, itemsOf(need(node, 'ArgumentList'), 'Expressions'), piped, scope);
}

/** A call of a let function that returns a scalar; undefined when the name is no such function. */
export function callScalarFunction(node: Syntax, name: string, scope: Scope): Compiled | undefined {
  const entered = enterCall(node, name, scope);
  if (!entered || isTabular(entered.result, entered.scope)) return undefined;
  return compileExpression(entered.result, entered.scope);
}

/** A call of a let function that returns a table, `piped` being its first argument after `invoke`. */
export function callTableFunction(node: Syntax, name: string, scope: Scope, piped?: Relation): Relation | undefined {
  const entered = enterCall(node, name, scope, piped);
  if (!entered || !isTabular(entered.result, entered.scope)) return undefined;
  return compileTabular(entered.result, entered.scope);
}

/** A table by name: a let table, or a function without parameters that returns one. */
export function tableNamed(node: Syntax, name: string, scope: Scope): Relation | undefined {
  const binding = lookUp(scope.names, name);
  if (binding?.kind === 'table') return binding.relation;
  if (binding?.kind !== 'function') return undefined;
  const entered = enterFunction(node, binding, [], undefined, scope);
  return isTabular(entered.result, entered.scope) ? compileTabular(entered.result, entered.scope) : undefined;
}

/** Whether a function's body is a table, for calls whose arguments are not compiled yet. */
export function isTableFunction(name: string, scope: Scope): boolean {
  const binding = lookUp(scope.names, name);
  if (binding?.kind !== 'function') return false;
  const body = need(binding.declaration, 'Body');
  const names = innerNames(binding.scope);
  for (const parameter of itemsOf(need(binding.declaration, 'Parameters'), 'Parameters')) {
    const declared = need(parameter, 'NameAndType');
    const table = need(declared, 'Type').kind === 'SchemaTypeExpression';
    names.bindings.set(need(declared, 'Name').value, table ? EMPTY_TABLE : EMPTY_SCALAR);
  }
  const inner: Scope = { ...scope, names, columns: [] };
  for (const statement of itemsOf(body, 'Statements')) {
    if (statement.kind !== 'LetStatement') continue;
    const value = need(statement, 'Expression');
    const binds = isFunction(value)
      ? ({ kind: 'function', declaration: value, scope: names } as const)
      : isTabular(value, inner)
        ? EMPTY_TABLE
        : EMPTY_SCALAR;
    names.bindings.set(need(statement, 'Name').value, binds);
  }
  return isTabular(need(body, 'Expression'), inner);
}

const EMPTY_TABLE: Binding = { kind: 'table', relation: { columns: [], serialized: false, run: () => undefined } };
const EMPTY_SCALAR: Binding = {
  kind: 'scalar',
  value: { type: 'dynamic', constant: true, eval: () => null },
  depth: 0,
};
