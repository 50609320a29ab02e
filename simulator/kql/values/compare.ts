import { compareDecimals } from './decimal.ts';
import { printJson } from './json.ts';
import type { KqlType, KqlValue } from './types.ts';

/** Negative, zero or positive; both values of the same type and not null. Strings compare by code units. */
export function compareValues(a: KqlValue, b: KqlValue, type: KqlType): number {
  if (type === 'decimal' && typeof a === 'string' && typeof b === 'string') return compareDecimals(a, b);
  if (type === 'dynamic' && (typeof a !== typeof b || typeof a === 'object' || typeof b === 'object')) {
    return order(printJson(a), printJson(b));
  }
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (typeof a === 'string' && typeof b === 'string') return order(a, b);
  if ((typeof a === 'number' || typeof a === 'bigint') && (typeof b === 'number' || typeof b === 'bigint')) {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  return 0;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether two cells of one type are the same value; null is the same as null. */
export function sameValue(a: KqlValue, b: KqlValue): boolean {
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) return printJson(a) === printJson(b);
  return a === b || (typeof a === 'number' && typeof b === 'number' && Number.isNaN(a) && Number.isNaN(b));
}

/** A key for maps: scalars are their own key, objects their JSON text behind a mark no string starts with. */
export function keyOfValue(value: KqlValue): string | number | bigint | boolean | null {
  return typeof value === 'object' && value !== null ? `\u0000${printJson(value)}` : value;
}

/** One map key for several cells, each with its length, so that no two rows collide. */
export function keyOfValues(values: readonly KqlValue[]): string {
  let key = '';
  for (const value of values) {
    if (typeof value === 'string') key += `s${value.length}:${value}`;
    else if (value === null) key += 'z';
    else if (typeof value === 'object') {
      const json = printJson(value);
      key += `o${json.length}:${json}`;
    } else key += `${typeof value === 'boolean' ? 'b' : 'n'}${value};`;
  }
  return key;
}
