import { freeName } from '../compile/columns.ts';
import { compileExpression } from '../compile/expression.ts';
import { type Eval, rowScope, type Scope } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { childOf, itemsOf, need, parametersOf, type Syntax } from '../syntax.ts';
import { convertTo } from '../values/convert.ts';
import { unbox } from '../values/json.ts';
import {
  type Bag,
  isArray,
  isBag,
  type KqlColumn,
  type KqlType,
  type KqlValue,
  nullOf,
  type Row,
  setKey,
  typeNamed,
} from '../values/types.ts';

/** One expanded column of mv-expand or mv-apply. */
interface Expanded extends KqlColumn {
  eval: Eval;
}

/** How a row becomes several. */
export interface Expansion {
  /** The input's columns, those expanded replaced or added, the item index last. */
  columns: readonly KqlColumn[];
  /** Names of the columns that hold items. */
  items: readonly string[];
  rowsOf(row: Row): KqlValue[][];
}

/** Casts an item, without parsing numbers (page "mv-expand operator": cast only). */
function castItem(item: KqlValue, type: KqlType): KqlValue {
  if (type === 'dynamic') return item;
  if (type === 'string') return convertTo(item, 'dynamic', 'string');
  const inner = unbox(item);
  if (inner.type === 'string' && /^(int|long|real|decimal|bool)$/.test(type)) return nullOf(type);
  return convertTo(item, 'dynamic', type);
}

function typeOf(clause: Syntax | undefined): KqlType {
  if (!clause) return 'dynamic';
  const [name] = itemsOf(need(clause, 'TypeOf'), 'Types');
  const type = name ? typeNamed(name.text) : undefined;
  if (!type) throw unsupportedAt(clause, clause.text);
  return type;
}

function expandedOf(item: Syntax, columns: readonly KqlColumn[], scope: Scope): Expanded {
  const expression = need(item, 'Expression');
  const compiled = compileExpression(expression, rowScope(scope, columns));
  if (compiled.type !== 'dynamic') throw errorAt(item, `${expression.text} is ${compiled.type}, not dynamic`);
  const name = expression.kind === 'SimpleNamedExpression' ? need(expression, 'Name').value : expression.resultName;
  if (!name) throw errorAt(item, `${expression.text} needs a name`);
  return { name, type: typeOf(childOf(item, 'ToTypeOf')), eval: compiled.eval };
}

/** The items of a value; null gives one null, a scalar itself. */
function itemsIn(value: KqlValue, asArray: boolean): readonly KqlValue[] {
  if (isArray(value)) return value;
  if (!isBag(value)) return [value];
  return Object.entries(value).map(([key, item]): KqlValue => {
    if (asArray) return [key, item];
    const single: Bag = {};
    setKey(single, key, item);
    return single;
  });
}

/** What mv-expand and mv-apply share: reads their parameters and expressions. */
export function expansionOf(node: Syntax, columns: readonly KqlColumn[], scope: Scope): Expansion {
  const parameters = parametersOf(node);
  for (const name of parameters.keys()) {
    if (!/^(kind|bagexpansion|with_itemindex|hint\..*)$/.test(name))
      throw unsupportedAt(node, `the parameter ${name}=`);
  }
  const asArray = (parameters.get('kind') ?? parameters.get('bagexpansion'))?.text === 'array';
  const index = parameters.get('with_itemindex')?.value;
  const expanded = itemsOf(node, 'Expressions').map((item) => expandedOf(item, columns, scope));
  const result: KqlColumn[] = columns.map((column) => ({ ...column }));
  const places = expanded.map(({ name, type }) => {
    const at = result.findIndex((column) => column.name === name);
    if (at < 0) return result.push({ name, type }) - 1;
    result[at] = { name, type };
    return at;
  });
  const indexName = index === undefined ? undefined : freeName(index, new Set(result.map(({ name }) => name)));
  if (indexName !== undefined) result.push({ name: indexName, type: 'long' });
  return {
    columns: result,
    items: [...expanded.map(({ name }) => name), ...(indexName === undefined ? [] : [indexName])],
    rowsOf(row) {
      const lists = expanded.map((each) => itemsIn(each.eval(row), asArray));
      const count = Math.max(...lists.map((list) => list.length));
      return Array.from({ length: count }, (_, i) => {
        const cells = [...row];
        places.forEach((place, e) => {
          cells[place] = castItem(lists[e]?.[i] ?? null, expanded[e]?.type ?? 'dynamic');
        });
        if (index !== undefined) cells.push(i);
        return cells;
      });
    },
  };
}
