import type { Position } from './errors.ts';
import { descendantsOf, itemsOf, need, parametersOf, type Syntax } from './syntax.ts';

/** One use of an operator, function or literal kind in a query. */
export interface KqlFeature {
  kind: 'operator' | 'function' | 'comparison' | 'statement';
  /** As it is written: where, mv-expand, join, bag_unpack, has, ago. */
  name: string;
  /** The text of the construct, such as `ago(2d)`. */
  text: string;
  /** `kind=` and other parameters of an operator. */
  parameters: Readonly<Record<string, string>>;
  /** The texts of a function's arguments. */
  arguments: readonly string[];
  position: Position;
}

const OPERATORS: Readonly<Record<string, string>> = { Filter: 'where', MvExpand: 'mv-expand', MvApply: 'mv-apply' };

function operatorName(kind: string): string {
  const bare = kind.replace(/Operator$/, '');
  return OPERATORS[bare] ?? bare.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

function featureOf(node: Syntax): KqlFeature | undefined {
  const base = { text: node.text, parameters: {}, arguments: [], position: node.position() };
  if (node.kind === 'FunctionCallExpression') {
    const args = itemsOf(need(node, 'ArgumentList'), 'Expressions').map((argument) => argument.text);
    return { ...base, kind: 'function', name: need(node, 'Name').value, arguments: args };
  }
  if (node.kind === 'ToScalarExpression') return { ...base, kind: 'function', name: 'toscalar' };
  if (node.kind === 'MaterializeExpression') return { ...base, kind: 'function', name: 'materialize' };
  if (node.kind === 'DataTableExpression') return { ...base, kind: 'operator', name: 'datatable' };
  if (node.kind.endsWith('Operator')) {
    const parameters = Object.fromEntries([...parametersOf(node)].map(([name, value]) => [name, value.text]));
    return { ...base, kind: 'operator', name: operatorName(node.kind), parameters };
  }
  if (node.kind.endsWith('Statement') && node.kind !== 'ExpressionStatement') {
    return { ...base, kind: 'statement', name: node.kind.replace(/Statement$/, '').toLowerCase() };
  }
  const operator = node.children.find((child) => child.role === 'Operator' && child.children.length === 0);
  if (!operator || node.kind === 'PipeExpression') return undefined;
  return { ...base, kind: 'comparison', name: operator.text.toLowerCase() };
}

/** Every use in a statement, outer constructs first. */
export function featuresOf(statement: Syntax): KqlFeature[] {
  return [...descendantsOf(statement)].flatMap((node) => featureOf(node) ?? []);
}
