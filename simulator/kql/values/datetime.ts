import { addInt, toInt64 } from './int64.ts';
import type { Int64 } from './types.ts';

export const TICKS_PER_MS = 10_000;
export const TICKS_PER_SECOND = 10_000_000;
export const TICKS_PER_DAY = 86_400 * TICKS_PER_SECOND;
/** Where ticks of a datetime count from, in milliseconds of Unix time. */
const BASE_MS = Date.UTC(2020, 0, 1);
/** 0001-01-01 and 9999-12-31T23:59:59.9999999, the range of datetime, in ticks since the base. */
export const MIN_DATETIME = -BigInt(BASE_MS + 62_135_596_800_000) * 10_000n;
const MAX_DATETIME = BigInt(253_402_300_800_000 - BASE_MS) * 10_000n - 1n;

/** Ticks from year 1, where bins and tolong() count from, to the base. */
export const TICKS_BEFORE_BASE = toInt64(-MIN_DATETIME);

/** A datetime taken apart; `ms` is Unix time, `ticks` what is left below a millisecond (0 to 9999). */
export interface Instant {
  ms: number;
  ticks: number;
}

export function instantOf(datetime: Int64): Instant {
  if (typeof datetime === 'number') {
    let ticks = datetime % TICKS_PER_MS;
    if (ticks < 0) ticks += TICKS_PER_MS;
    return { ms: (datetime - ticks) / TICKS_PER_MS + BASE_MS, ticks: ticks + 0 };
  }
  let ticks = datetime % 10_000n;
  if (ticks < 0n) ticks += 10_000n;
  return { ms: Number((datetime - ticks) / 10_000n) + BASE_MS, ticks: Number(ticks) };
}

/** The datetime of a Unix time in milliseconds plus ticks; null outside the years 1 to 9999. */
export function datetimeOf(ms: number, ticks = 0): Int64 | null {
  if (!Number.isFinite(ms)) return null;
  const whole = Math.floor(ms);
  const since = whole - BASE_MS;
  const scaled = since * TICKS_PER_MS;
  const value = Number.isSafeInteger(scaled) ? addInt(scaled, ticks) : toInt64(BigInt(since) * 10_000n + BigInt(ticks));
  return inRange(value);
}

/** Null for ticks outside the years 1 to 9999. */
export function inRange(datetime: Int64): Int64 | null {
  return typeof datetime === 'number' || (datetime >= MIN_DATETIME && datetime <= MAX_DATETIME) ? datetime : null;
}

/** The moment of a Date, for `now` and for rows that come from outside. */
export function datetimeOfDate(date: Date): Int64 | null {
  return datetimeOf(date.getTime());
}

/** Midnight of a calendar day, months and days beyond their range carried over, as Unix milliseconds. */
export function dayMs(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

/** ISO 8601 with seven digits, as Log Analytics prints it: 2026-11-24T06:20:00.1234567Z. */
export function printDatetime(datetime: Int64): string {
  const { ms, ticks } = instantOf(datetime);
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, -1)}${String(ticks).padStart(4, '0')}Z`;
}

function pad(value: bigint | number, width: number): string {
  return String(value).padStart(width, '0');
}

/** [-][d.]hh:mm:ss[.fffffff], as Kusto prints a timespan. */
export function printTimespan(timespan: Int64): string {
  const total = BigInt(timespan);
  const all = total < 0n ? -total : total;
  const fraction = all % 10_000_000n;
  const seconds = all / 10_000_000n;
  const days = seconds / 86_400n;
  const clock = `${pad((seconds / 3600n) % 24n, 2)}:${pad((seconds / 60n) % 60n, 2)}:${pad(seconds % 60n, 2)}`;
  return `${total < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${clock}${fraction > 0n ? `.${pad(fraction, 7)}` : ''}`;
}
