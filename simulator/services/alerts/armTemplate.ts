import { isPlain } from '../../mergePatch.ts';
import { type Deployment, deploymentFunction } from './armDeployment.ts';
import { type Expression, parseExpression } from './armExpression.ts';
import { ARM_FUNCTIONS, list, memberOf } from './armFunctions.ts';

/** What an expression can see. */
interface Scope {
  template: Record<string, unknown>;
  parameters: Record<string, unknown>;
  deployment: Deployment;
  /** the index of each copy loop around, by name; '' is the innermost */
  indexes: Record<string, number>;
  locals: Record<string, unknown>;
}

/** A resource with every expression worked out. */
export type Resource = Record<string, unknown>;

/**
 * The resources that one nested deployment of a compiled template makes, with parameters of the outer template. Only it
 * is expanded, so that what Azure alone knows (the outputs of other deployments) may stay unknown: such a value becomes
 * the text `reference(<deployment>).outputs.<name>.value`.
 */
export function expandDeployment(
  template: unknown,
  symbol: string,
  parameters: Record<string, unknown>,
  deployment: Deployment,
): Resource[] {
  if (!isPlain(template) || !isPlain(template.resources)) throw new Error('the template has no resources by name');
  const nested = template.resources[symbol];
  if (!isPlain(nested) || !isPlain(nested.properties)) throw new Error(`the template has no deployment '${symbol}'`);
  const outer: Scope = { template, parameters, deployment, indexes: {}, locals: {} };
  const passed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(isPlain(nested.properties.parameters) ? nested.properties.parameters : {}))
    passed[name] = memberOf(worked(value, outer), 'value');
  const inner = nested.properties.template;
  if (!isPlain(inner) || !isPlain(inner.resources)) throw new Error(`deployment '${symbol}' has no resources by name`);
  const scope: Scope = { ...outer, template: inner, parameters: passed };
  return Object.values(inner.resources).flatMap((resource) => copies(resource, scope));
}

function copies(resource: unknown, scope: Scope): Resource[] {
  if (!isPlain(resource) || resource.existing === true) return [];
  const { copy, ...one } = resource;
  if (!isPlain(copy)) return [object(worked(one, scope))];
  return counted(copy, scope).map((inner) => object(worked(one, inner)));
}

/** One scope for each turn of a copy loop. */
function counted(copy: Record<string, unknown>, scope: Scope): Scope[] {
  const count = Number(worked(copy.count, scope));
  return Array.from({ length: count }, (_, index) => ({
    ...scope,
    indexes: { ...scope.indexes, '': index, [String(copy.name)]: index },
  }));
}

function worked(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return text(value, scope);
  if (Array.isArray(value)) return value.map((one) => worked(one, scope));
  if (!isPlain(value)) return value;
  const made: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    if (name === 'copy' && Array.isArray(one)) Object.assign(made, ...one.map((copy) => copied(copy, scope)));
    else made[String(text(name, scope))] = worked(one, scope);
  }
  return made;
}

function copied(copy: unknown, scope: Scope): Record<string, unknown> {
  const loop = object(copy);
  return { [String(loop.name)]: counted(loop, scope).map((inner) => worked(loop.input, inner)) };
}

function text(value: string, scope: Scope): unknown {
  if (!value.startsWith('[')) return value;
  // A text that begins with a bracket is written with two.
  if (value.startsWith('[[')) return value.slice(1);
  return evaluate(parsed(value.slice(1, -1)), scope);
}

const expressions = new Map<string, Expression>();
function parsed(source: string): Expression {
  const known = expressions.get(source) ?? parseExpression(source);
  expressions.set(source, known);
  return known;
}

function evaluate(node: Expression, scope: Scope): unknown {
  if (node.kind === 'literal') return node.value;
  if (node.kind === 'member') {
    const of = evaluate(node.of, scope);
    const name = evaluate(node.name, scope);
    if (typeof of === 'string' && of.startsWith('reference(')) return `${of}.${String(name)}`;
    const found = memberOf(of, name);
    if (found === undefined) throw new Error(`there is no ${String(name)} in ${JSON.stringify(of)?.slice(0, 200)}`);
    return found;
  }
  return call(node, scope);
}

function call({ name, args }: { name: string; args: Expression[] }, scope: Scope): unknown {
  const [first, second] = args;
  const given = (): unknown[] => args.map((arg) => evaluate(arg, scope));
  switch (name) {
    case 'parameters':
      return parameter(String(given()[0]), scope);
    case 'variables':
      return variable(String(given()[0]), scope);
    case 'lambdaVariables':
      return scope.locals[String(given()[0])];
    case 'copyIndex':
      return scope.indexes[String(given()[0] ?? '')];
    case 'if':
      return first && evaluate((evaluate(first, scope) === true ? second : args[2]) ?? first, scope);
    case 'map':
      return list(first && evaluate(first, scope)).map((value) => apply(second, value, scope));
    case 'filter':
      return list(first && evaluate(first, scope)).filter((value) => apply(second, value, scope) === true);
    case 'reference':
      return `reference(${String(given()[0])})`;
    default: {
      const values = given();
      const own = Object.hasOwn(ARM_FUNCTIONS, name) ? ARM_FUNCTIONS[name] : undefined;
      return own === undefined ? deploymentFunction(name, values, scope.deployment) : own(...values);
    }
  }
}

function parameter(name: string, { template, parameters, ...scope }: Scope): unknown {
  if (parameters[name] !== undefined) return parameters[name];
  const declared = memberOf(template.parameters, name);
  if (!isPlain(declared) || !('defaultValue' in declared)) throw new Error(`parameter '${name}' has no value`);
  return worked(declared.defaultValue, { template, parameters, ...scope });
}

function variable(name: string, scope: Scope): unknown {
  const declared = memberOf(scope.template.variables, name);
  if (declared === undefined) throw new Error(`there is no variable '${name}'`);
  return worked(declared, scope);
}

/** lambda('name', body) over one value. */
function apply(lambda: Expression | undefined, value: unknown, scope: Scope): unknown {
  if (lambda?.kind !== 'call' || lambda.name !== 'lambda' || lambda.args.length !== 2)
    throw new Error('only a lambda of one argument is simulated');
  const [name, body] = lambda.args;
  if (name?.kind !== 'literal' || body === undefined) throw new Error('a lambda needs a name and a body');
  return evaluate(body, { ...scope, locals: { ...scope.locals, [String(name.value)]: value } });
}

function object(value: unknown): Record<string, unknown> {
  if (isPlain(value)) return value;
  throw new Error(`${JSON.stringify(value)?.slice(0, 200)} is not an object`);
}
