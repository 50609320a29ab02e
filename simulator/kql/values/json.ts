import { printDatetime, printTimespan } from './datetime.ts';
import { decimalOf } from './decimal.ts';
import { toInt64 } from './int64.ts';
import { BOXED, box, isBag, isBoxed, type KqlType, type KqlValue } from './types.ts';

/** Numbers that JSON.parse would change: reals without fraction, and integers beyond 2^53. */
const DELICATE = /\d\.0*(?:[^\d]|$)|\d[eE][+-]?\d|\d{16}/;

function reviveNumber(source: string, value: number): KqlValue {
  if (/^-?\d+$/.test(source)) {
    if (Number.isSafeInteger(value)) return value + 0;
    const whole = BigInt(source);
    return whole === BigInt.asIntN(64, whole) ? toInt64(whole) : box('real', value);
  }
  return Number.isInteger(value) ? box('real', value) : value;
}

interface SourceContext {
  source?: string;
}

/** A JSON text as a dynamic value; undefined when it is not JSON. */
export function parseJson(text: string): KqlValue | undefined {
  try {
    if (!DELICATE.test(text)) return JSON.parse(text);
    return JSON.parse(text, (_key: string, value: KqlValue, context?: SourceContext) =>
      typeof value === 'number' && context?.source !== undefined ? reviveNumber(context.source, value) : value,
    );
  } catch {
    return undefined;
  }
}

/** A real as Kusto prints it: always with a fraction or an exponent. */
export function printReal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function printBoxed(type: string, value: number | bigint | string): string {
  switch (type) {
    case 'datetime':
      return typeof value === 'string' ? JSON.stringify(value) : `"${printDatetime(value)}"`;
    case 'timespan':
      return typeof value === 'string' ? JSON.stringify(value) : `"${printTimespan(value)}"`;
    case 'real':
      return printRealInJson(Number(value));
    default:
      return JSON.stringify(String(value));
  }
}

// JSON has no NaN: page "The dynamic data type" serialises what JSON lacks as a string.
function printRealInJson(value: number): string {
  return Number.isFinite(value) ? printReal(value) : `"${printReal(value)}"`;
}

/** A dynamic value as compact JSON, as Kusto prints it. */
export function printJson(value: KqlValue): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isInteger(value) ? String(value) : printRealInJson(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      break;
  }
  if (isBoxed(value)) return printBoxed(value[BOXED], value.value);
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`;
  if (!isBag(value)) return 'null';
  const parts = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${printJson(item)}`);
  return `{${parts.join(',')}}`;
}

/** A cell as a dynamic value: what JSON cannot say is boxed. */
export function toDynamic(value: KqlValue, type: KqlType): KqlValue {
  if (value === null) return null;
  if (type === 'datetime' || type === 'timespan') {
    return typeof value === 'number' || typeof value === 'bigint' ? box(type, value) : null;
  }
  if (type === 'guid') return typeof value === 'string' ? box('guid', value) : null;
  if (type === 'decimal') return typeof value === 'string' ? box('decimal', decimalOf(value) ?? value) : null;
  if (type === 'real') return typeof value === 'number' && Number.isInteger(value) ? box('real', value) : value;
  return value;
}

/** What a dynamic value is underneath, with its plain value: the inverse of `toDynamic`. */
export function unbox(value: KqlValue): { type: KqlType | 'array' | 'bag' | 'null'; value: KqlValue } {
  if (value === null) return { type: 'null', value };
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'bigint') return { type: 'long', value };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'long' : 'real', value };
  if (isBoxed(value)) return { type: value[BOXED], value: value.value };
  return { type: Array.isArray(value) ? 'array' : 'bag', value };
}
