import {
  datetimeOf,
  dayMs,
  inRange,
  instantOf,
  TICKS_PER_DAY,
  TICKS_PER_MS,
  TICKS_PER_SECOND,
} from '../values/datetime.ts';
import { addInt, multiplyInt, truncateToInt64 } from '../values/int64.ts';
import type { Int64 } from '../values/types.ts';

const DAY_MS = 86_400_000;
/** Sunday 2000-01-02, a week's start to count from. */
const SUNDAY_MS = Date.UTC(2000, 0, 2);

/** The week of ISO 8601, from Monday, the first with four days of the year (page "week_of_year()"). */
function isoWeek(date: Date): number {
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = date.getTime() + (3 - weekday) * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  return Math.floor((thursday - dayMs(year, 1, 1)) / (7 * DAY_MS)) + 1;
}

/** A part of a datetime by name (page "datetime_part()"); null for an unknown name. */
export function datePart(name: string, value: Int64): number | null {
  const { ms, ticks } = instantOf(value);
  const date = new Date(ms);
  switch (name) {
    case 'year':
      return date.getUTCFullYear();
    case 'quarter':
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case 'month':
      return date.getUTCMonth() + 1;
    case 'week_of_year':
      return isoWeek(date);
    case 'day':
      return date.getUTCDate();
    case 'dayofyear':
      return Math.floor((ms - dayMs(date.getUTCFullYear(), 1, 1)) / DAY_MS) + 1;
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'second':
      return date.getUTCSeconds();
    case 'millisecond':
      return date.getUTCMilliseconds();
    case 'microsecond':
      return date.getUTCMilliseconds() * 1000 + Math.floor(ticks / 10);
    case 'nanosecond':
      return (date.getUTCMilliseconds() * TICKS_PER_MS + ticks) * 100;
    default:
      return null;
  }
}

const FIXED: Readonly<Record<string, number>> = {
  week: 7 * TICKS_PER_DAY,
  day: TICKS_PER_DAY,
  hour: 3600 * TICKS_PER_SECOND,
  minute: 60 * TICKS_PER_SECOND,
  second: TICKS_PER_SECOND,
  millisecond: TICKS_PER_MS,
  microsecond: 10,
};
const MONTHS: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };

/** A datetime moved by units; a day beyond a month's end becomes its last. Undefined for an unknown unit. */
export function dateShift(unit: string, amount: number, value: Int64): Int64 | null | undefined {
  const fixed = FIXED[unit];
  if (fixed !== undefined) return inRange(addInt(value, multiplyInt(amount, fixed)));
  if (unit === 'nanosecond') return inRange(addInt(value, Math.trunc(amount / 100)));
  const months = MONTHS[unit];
  if (months === undefined) return undefined;
  const { ms, ticks } = instantOf(value);
  const date = new Date(ms);
  const target = date.getUTCMonth() + amount * months;
  const lastDay = new Date(dayMs(date.getUTCFullYear(), target + 2, 0)).getUTCDate();
  const midnight = dayMs(date.getUTCFullYear(), target + 1, Math.min(date.getUTCDate(), lastDay));
  return datetimeOf(midnight + (ms - Math.floor(ms / DAY_MS) * DAY_MS), ticks);
}

/** How many borders of the unit lie between two datetimes (page "datetime_diff()"). */
export function dateDiff(unit: string, first: Int64, second: Int64): Int64 | null | undefined {
  const a = instantOf(first);
  const b = instantOf(second);
  const [x, y] = [new Date(a.ms), new Date(b.ms)];
  const years = x.getUTCFullYear() - y.getUTCFullYear();
  const count = (each: number) => Math.floor(a.ms / each) - Math.floor(b.ms / each);
  switch (unit) {
    case 'year':
      return years;
    case 'quarter':
      return years * 4 + Math.floor(x.getUTCMonth() / 3) - Math.floor(y.getUTCMonth() / 3);
    case 'month':
      return years * 12 + x.getUTCMonth() - y.getUTCMonth();
    case 'week':
      return Math.floor((a.ms - SUNDAY_MS) / (7 * DAY_MS)) - Math.floor((b.ms - SUNDAY_MS) / (7 * DAY_MS));
    case 'day':
      return count(DAY_MS);
    case 'hour':
      return count(3_600_000);
    case 'minute':
      return count(60_000);
    case 'second':
      return count(1000);
    case 'millisecond':
      return a.ms - b.ms;
    case 'microsecond':
      return truncateToInt64((a.ms - b.ms) * 1000 + Math.floor(a.ticks / 10) - Math.floor(b.ticks / 10));
    case 'nanosecond':
      return multiplyInt(addInt(multiplyInt(a.ms - b.ms, TICKS_PER_MS), a.ticks - b.ticks), 100);
    default:
      return undefined;
  }
}
