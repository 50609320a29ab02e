import { itemsOf, need, type Syntax } from '../syntax.ts';
import type { KqlColumn, KqlType } from '../values/types.ts';

const CONVERSIONS: Readonly<Record<string, KqlType>> = {
  tostring: 'string',
  tolong: 'long',
  toint: 'int',
  todouble: 'real',
  toreal: 'real',
  todecimal: 'decimal',
  tobool: 'bool',
  todatetime: 'datetime',
  totimespan: 'timespan',
  toguid: 'guid',
};

/** The input columns that expressions repeat as they are: `*` leaves those out, and not what is computed of them. */
export function columnsBehind(items: readonly Syntax[], columns: readonly KqlColumn[]): string[] {
  return items.flatMap((item) => {
    const expression = item.kind === 'SimpleNamedExpression' ? need(item, 'Expression') : item;
    if (expression.kind === 'NameReference') return [expression.value];
    if (expression.kind !== 'FunctionCallExpression') return [];
    // a conversion of a column to the type it has is that column
    const [argument] = itemsOf(need(expression, 'ArgumentList'), 'Expressions');
    const column = columns.find(({ name }) => argument?.kind === 'NameReference' && name === argument.value);
    return column && CONVERSIONS[need(expression, 'Name').value] === column.type ? [column.name] : [];
  });
}
