import { inRange, printDatetime, printTimespan, TICKS_BEFORE_BASE } from './datetime.ts';
import { decimalOf } from './decimal.ts';
import { addInt, asInt32, int, toInt64, truncateToInt64 } from './int64.ts';
import { parseJson, printJson, printReal, toDynamic, unbox } from './json.ts';
import { parseDatetime, parseTimespan } from './parse-time.ts';
import type { Int64, KqlType, KqlValue } from './types.ts';

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

/** tostring(): every type prints as its page says; null prints as the empty string. */
export function toText(value: KqlValue, type: KqlType): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  switch (type) {
    case 'datetime':
      return typeof value === 'number' || typeof value === 'bigint' ? printDatetime(value) : '';
    case 'timespan':
      return typeof value === 'number' || typeof value === 'bigint' ? printTimespan(value) : '';
    case 'real':
      return typeof value === 'number' ? printReal(value) : String(value);
    case 'dynamic': {
      const inner = unbox(value);
      return inner.type === 'array' || inner.type === 'bag' || inner.type === 'null'
        ? printJson(value)
        : toText(inner.value, inner.type);
    }
    default:
      return String(value);
  }
}

function parseLong(source: string): Int64 | null {
  const text = source.trim();
  if (/^[+-]?\d{1,20}$/.test(text)) {
    const whole = BigInt(text.replace('+', ''));
    return whole === BigInt.asIntN(64, whole) ? toInt64(whole) : null;
  }
  if (/^-?0x[0-9a-f]{1,16}$/i.test(text)) {
    const magnitude = BigInt(text.replace('-', ''));
    return toInt64(text.startsWith('-') ? -magnitude : magnitude);
  }
  return null;
}

/** tolong(): text of a whole number, a number truncated, a datetime or timespan as ticks. */
export function toLong(value: KqlValue, type: KqlType): Int64 | null {
  if (value === null) return null;
  if (type === 'dynamic') return throughInner(value, toLong);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (type === 'decimal') return parseLong(String(value).replace(/\..*$/, '') || '0');
  if (typeof value === 'string') return parseLong(value);
  if (type === 'datetime') return addInt(int(value), TICKS_BEFORE_BASE);
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' ? truncateToInt64(value) : null;
}

function toInt(value: KqlValue, type: KqlType): number | null {
  return asInt32(toLong(value, type));
}

/** todouble(): text of a number, or a number. */
export function toReal(value: KqlValue, type: KqlType): number | null {
  if (value === null) return null;
  if (type === 'dynamic') return throughInner(value, toReal);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (type === 'datetime') return Number(addInt(int(value), TICKS_BEFORE_BASE));
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[+-]?inf(inity)?$/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : null;
}

export function toDecimal(value: KqlValue, type: KqlType): string | null {
  if (value === null) return null;
  if (type === 'dynamic') return throughInner(value, toDecimal);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'object' ? null : decimalOf(value);
}

/** tobool(): "true", "false" in any case, or whether a number is not zero. */
function toBool(value: KqlValue, type: KqlType): boolean | null {
  if (value === null) return null;
  if (type === 'dynamic') return throughInner(value, toBool);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const text = value.trim().toLowerCase();
    if (text === 'true' || text === 'false') return text === 'true';
    const number = parseLong(text);
    return number === null ? null : number !== 0;
  }
  return typeof value === 'number' || typeof value === 'bigint' ? value !== 0 : null;
}

function toDatetime(value: KqlValue, type: KqlType): Int64 | null {
  if (value === null) return null;
  if (type === 'dynamic') return throughInner(value, toDatetime);
  if (typeof value === 'string') return parseDatetime(value);
  return type === 'datetime' && (typeof value === 'number' || typeof value === 'bigint') ? inRange(value) : null;
}

function toTimespan(value: KqlValue, type: KqlType): Int64 | null {
  if (value === null) return null;
  if (type === 'dynamic') return throughInner(value, toTimespan);
  if (typeof value === 'string') return parseTimespan(value);
  return typeof value === 'number' || typeof value === 'bigint' ? toLong(value, type) : null;
}

export function toGuid(value: KqlValue, type: KqlType): string | null {
  if (value === null) return null;
  if (type === 'dynamic') return throughInner(value, toGuid);
  if (typeof value !== 'string') return null;
  const match = GUID.exec(value.trim());
  if (match?.[1]) return match[1].toLowerCase();
  const bare = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i.exec(value.trim());
  return bare ? bare.slice(1).join('-').toLowerCase() : null;
}

/** parse_json(): JSON text as a dynamic value; what is not JSON stays a string; '' is null. */
export function parseDynamic(value: KqlValue, type: KqlType): KqlValue {
  if (type !== 'string') return toDynamic(value, type);
  if (typeof value !== 'string' || value === '') return null;
  const parsed = parseJson(value);
  return parsed === undefined ? value : parsed;
}

function throughInner<T>(value: KqlValue, convert: (value: KqlValue, type: KqlType) => T | null): T | null {
  const inner = unbox(value);
  return inner.type === 'array' || inner.type === 'bag' || inner.type === 'null'
    ? null
    : convert(inner.value, inner.type);
}

/** Converts a cell between types as the to…() functions do. */
export function convertTo(value: KqlValue, from: KqlType, to: KqlType): KqlValue {
  if (from === to) return value;
  switch (to) {
    case 'string':
      return toText(value, from);
    case 'long':
      return toLong(value, from);
    case 'int':
      return toInt(value, from);
    case 'real':
      return toReal(value, from);
    case 'decimal':
      return toDecimal(value, from);
    case 'bool':
      return toBool(value, from);
    case 'datetime':
      return toDatetime(value, from);
    case 'timespan':
      return toTimespan(value, from);
    case 'guid':
      return toGuid(value, from);
    case 'dynamic':
      return toDynamic(value, from);
  }
}
