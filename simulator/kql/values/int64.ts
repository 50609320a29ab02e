import type { Int64, KqlValue } from './types.ts';

/** A bigint as Int64, wrapped to 64 bits: page "parse_version()" adds hashes, whose sums go beyond. */
export function toInt64(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= -9007199254740991n && wrapped <= 9007199254740991n ? Number(wrapped) : wrapped;
}

export function addInt(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toInt64(BigInt(a) + BigInt(b));
}

export function subtractInt(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return toInt64(BigInt(a) - BigInt(b));
}

export function multiplyInt(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return toInt64(BigInt(a) * BigInt(b));
}

/** Truncates toward zero; null when the divisor is zero. */
export function divideInt(a: Int64, b: Int64): Int64 | null {
  if (b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0;
  return toInt64(BigInt(a) / BigInt(b));
}

/** The small non-negative remainder (page "Numerical operators"); null when the divisor is zero. */
export function moduloInt(a: Int64, b: Int64): Int64 | null {
  if (b === 0) return null;
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b;
    return (rest < 0 ? rest + Math.abs(b) : rest) + 0;
  }
  const divisor = BigInt(b);
  const rest = BigInt(a) % divisor;
  return toInt64(rest < 0n ? rest + (divisor < 0n ? -divisor : divisor) : rest);
}

/** The largest multiple of `step` (> 0) at or below `value`. */
export function floorToInt(value: Int64, step: Int64): Int64 | null {
  const rest = moduloInt(value, step);
  return rest === null ? null : subtractInt(value, rest);
}

export function negateInt(value: Int64): Int64 {
  return typeof value === 'number' ? 0 - value : toInt64(-value);
}

/** A real truncated to a 64-bit integer; null for what does not fit. */
export function truncateToInt64(value: number): Int64 | null {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole + 0;
  if (!Number.isFinite(whole) || whole >= 2 ** 63 || whole < -(2 ** 63)) return null;
  return toInt64(BigInt(whole));
}

/** Null for a value outside 32 bits. */
export function asInt32(value: Int64 | null): number | null {
  return typeof value === 'number' && value >= -2147483648 && value <= 2147483647 ? value : null;
}

/** The value as Int64; 0 for anything else: the compiler has checked the type. */
export function int(value: KqlValue): Int64 {
  return typeof value === 'number' || typeof value === 'bigint' ? value : 0;
}

/** The value as a JavaScript number. */
export function num(value: KqlValue): number {
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : Number.NaN;
}

/** The value as text; '' for anything else. */
export function text(value: KqlValue): string {
  return typeof value === 'string' ? value : '';
}
