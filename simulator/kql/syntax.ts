import type { Position } from './errors.ts';

/** One node or token of Microsoft's syntax tree, copied out of the untyped bridge; separators are left out. */
export interface Syntax {
  /** Name of the SyntaxKind, such as FilterOperator. */
  readonly kind: string;
  /** The role in the parent, such as Condition; '' in lists. */
  readonly role: string;
  /** The source text, without what surrounds it. */
  readonly text: string;
  /** A token's value (a string literal without quotes and escapes), a name's simple name, else ''. */
  readonly value: string;
  /** The column name that Kusto derives from an expression, when it derives one. */
  readonly resultName: string | undefined;
  readonly children: readonly Syntax[];
  position(): Position;
}

/** The child in a role, undefined when it is absent (or an empty optional). */
export function childOf(node: Syntax, role: string): Syntax | undefined {
  return node.children.find((child) => child.role === role);
}

/** The child in a role that the grammar guarantees. */
export function need(node: Syntax, role: string): Syntax {
  const child = childOf(node, role);
  if (!child) throw new Error(`${node.kind} has no ${role}: the language service has changed its tree`);
  return child;
}

/** The items of the list in a role. */
export function itemsOf(node: Syntax, role: string): readonly Syntax[] {
  return childOf(node, role)?.children ?? [];
}

/** The parameters of an operator (`kind=inner`), by name. */
export function parametersOf(node: Syntax): ReadonlyMap<string, Syntax> {
  const parameters = new Map<string, Syntax>();
  for (const item of itemsOf(node, 'Parameters')) {
    if (item.kind === 'NamedParameter') parameters.set(need(item, 'Name').value, need(item, 'Expression'));
  }
  return parameters;
}

/** Every node below and including this one, parents first. */
export function* descendantsOf(node: Syntax): Generator<Syntax> {
  yield node;
  for (const child of node.children) yield* descendantsOf(child);
}
