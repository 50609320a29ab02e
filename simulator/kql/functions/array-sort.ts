import { coerce } from '../compile/coerce.ts';
import { constantValue, once } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { itemsOf, need, type Syntax } from '../syntax.ts';
import { compareValues } from '../values/compare.ts';
import { unbox } from '../values/json.ts';
import { isArray, type KqlValue } from '../values/types.ts';
import type { Bind, Call } from './registry.ts';

/** Numbers, datetimes and timespans first, then texts, then guids (page "array_sort_asc()"). */
function rankOf(type: string): number {
  if (/^(long|real|datetime|timespan)$/.test(type)) return 0;
  return type === 'string' ? 1 : type === 'guid' ? 2 : 3;
}

function comparable(call: Call, value: KqlValue, other: KqlValue): number {
  const a = unbox(value);
  const b = unbox(other);
  const rank = rankOf(a.type);
  if (rank !== rankOf(b.type)) return rank - rankOf(b.type);
  const numbers = ['long', 'real'];
  const same = a.type === b.type || (numbers.includes(a.type) && numbers.includes(b.type));
  if (!same || a.type === 'array' || a.type === 'bag' || a.type === 'null') {
    throw unsupportedAt(call.node, `${call.name}() of an array with items of ${a.type} and ${b.type}`);
  }
  return compareValues(a.value, b.value, a.type);
}

/** The names of the columns that a sort of several arrays gives; undefined for one array, which is a value. */
export function sortedNames(node: Syntax): string[] | undefined {
  if (node.kind !== 'FunctionCallExpression' || !/^array_sort_(asc|desc)$/.test(need(node, 'Name').value))
    return undefined;
  const args = itemsOf(need(node, 'ArgumentList'), 'Expressions');
  const arrays = args.at(-1)?.kind === 'BooleanLiteralExpression' ? args.slice(0, -1) : args;
  return arrays.length < 2 ? undefined : arrays.map((arg, i) => `${arg.resultName ?? `array${i}`}_sorted`);
}

/**
 * array_sort_asc(a, …, nulls_last), array_sort_desc: nulls last unless told otherwise; further arrays follow the order
 * of the first. With further arrays the result is an array of arrays.
 */
export function sortArrays(descending: boolean): Bind {
  return (call) => {
    const last = call.args.at(-1);
    const flagged = last?.type === 'bool';
    const nullsLast = flagged && last ? constantValue(last) !== false : true;
    const args = flagged ? call.args.slice(0, -1) : call.args;
    const evals = args.map((arg) => coerce(arg, 'dynamic').eval);
    if (evals.length === 0) throw errorAt(call.node, `${call.name}() needs an array`);
    const compare = (x: KqlValue, y: KqlValue): number => {
      if (x === null || y === null) return x === y ? 0 : (x === null) === nullsLast ? 1 : -1;
      const order = comparable(call, x, y);
      return descending ? -order : order;
    };
    return once({
      type: 'dynamic',
      constant: args.every((arg) => arg.constant),
      eval: (row) => {
        const arrays = evals.map((evaluate) => evaluate(row));
        const [first] = arrays;
        if (first === undefined || !isArray(first)) return null;
        const order = [...first.keys()].sort((i, j) => compare(first[i] ?? null, first[j] ?? null));
        const sorted = arrays.map((array) =>
          isArray(array) && array.length === first.length ? order.map((i) => array[i] ?? null) : null,
        );
        return sorted.length === 1 ? (sorted[0] ?? null) : sorted;
      },
    });
  };
}
