import { convertTo } from './convert.ts';
import { datetimeOfDate, printDatetime, printTimespan } from './datetime.ts';
import { parseJson, printJson, unbox } from './json.ts';
import type { KqlType, KqlValue } from './types.ts';

/** What a cell is in JSON: text, number, boolean or null. */
export type Json = string | number | boolean | null;

/**
 * A cell as the query API of Log Analytics prints it: datetimes in ISO 8601 with seven digits and Z, timespans as
 * [d.]hh:mm:ss, longs beyond 2^53, decimals and what a real cannot say in JSON as text, dynamic values as JSON text
 * (a plain text as itself).
 */
export function toJson(value: KqlValue, type: KqlType): Json {
  if (value === null) return null;
  switch (type) {
    case 'datetime':
      return typeof value === 'number' || typeof value === 'bigint' ? printDatetime(value) : null;
    case 'timespan':
      return typeof value === 'number' || typeof value === 'bigint' ? printTimespan(value) : null;
    case 'real':
      if (typeof value !== 'number') return null;
      return Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
    case 'dynamic': {
      const inner = unbox(value);
      return inner.type === 'string' && typeof value === 'string' ? value : printJson(value);
    }
    default:
      return typeof value === 'bigint' ? String(value) : typeof value === 'object' ? printJson(value) : value;
  }
}

/** A JSON value (or a Date) as a cell of a type, converted as ingestion does; what does not fit is null. */
export function fromJson(value: unknown, type: KqlType): KqlValue {
  if (value instanceof Date) return convertTo(datetimeOfDate(value), 'datetime', type);
  if (value === null || value === undefined) return type === 'string' ? '' : null;
  if (type === 'dynamic') {
    if (typeof value === 'string') return value;
    return parseJson(JSON.stringify(value)) ?? null;
  }
  if (typeof value === 'string') return convertTo(value, 'string', type);
  if (typeof value === 'boolean') return convertTo(value, 'bool', type);
  if (typeof value === 'bigint') return convertTo(value, 'long', type);
  if (typeof value === 'number') return convertTo(value, Number.isSafeInteger(value) ? 'long' : 'real', type);
  return type === 'string' ? JSON.stringify(value) : null;
}
