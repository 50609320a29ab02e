import { datetimeOf, dayMs, TICKS_PER_DAY, TICKS_PER_MS, TICKS_PER_SECOND } from './datetime.ts';
import { toInt64, truncateToInt64 } from './int64.ts';
import type { Int64 } from './types.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = '(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?';
const ZONE = '\\s*(Z|UTC|GMT|[+-]\\d{2}:?\\d{2})?';
const ISO = new RegExp(`^(\\d{4})-(\\d{1,2})-(\\d{1,2})(?:(?:T|\\s+)${CLOCK})?${ZONE}$`, 'i');
const US = new RegExp(`^(\\d{1,2})[/-](\\d{1,2})[/-](\\d{4})(?:\\s+${CLOCK}(?:\\s*(AM|PM))?)?${ZONE}$`, 'i');
const RFC = new RegExp(
  `^(?:[a-z]{3,9},\\s*)?(\\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\\d{2}|\\d{4})(?:\\s+${CLOCK})?${ZONE}$`,
  'i',
);
const YEAR_MONTH = /^(\d{4})(?:-(\d{1,2}))?$/;

interface Parts {
  year: number;
  month: number;
  day: number;
  clock: readonly (string | undefined)[];
  half?: string | undefined;
  zone?: string | undefined;
}

function zoneMinutes(zone: string | undefined): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

function assemble({ year, month, day, clock, half, zone }: Parts): Int64 | null {
  const [hour = '0', minute = '0', second = '0', fraction = ''] = clock;
  let hours = Number(hour);
  if (half) {
    if (hours < 1 || hours > 12) return null;
    hours = (hours % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  }
  const start = dayMs(year, month, day);
  const real = new Date(start);
  const valid = year >= 1 && real.getUTCMonth() === month - 1 && real.getUTCDate() === day;
  if (!valid || hours > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const ticks = Number(fraction.slice(0, 7).padEnd(7, '0'));
  const ms = start + ((hours * 60 + Number(minute) - zoneMinutes(zone)) * 60 + Number(second)) * 1000;
  return datetimeOf(ms + Math.floor(ticks / TICKS_PER_MS), ticks % TICKS_PER_MS);
}

/** The formats of page "The datetime data type", and the US form of its examples; null for anything else. */
export function parseDatetime(input: string): Int64 | null {
  const source = input.trim();
  const iso = ISO.exec(source);
  if (iso) {
    return assemble({
      year: Number(iso[1]),
      month: Number(iso[2]),
      day: Number(iso[3]),
      clock: iso.slice(4, 8),
      zone: iso[8],
    });
  }
  const us = US.exec(source);
  if (us) {
    return assemble({
      year: Number(us[3]),
      month: Number(us[1]),
      day: Number(us[2]),
      clock: us.slice(4, 8),
      half: us[8],
      zone: us[9],
    });
  }
  const rfc = RFC.exec(source);
  if (rfc) {
    const short = Number(rfc[3]);
    const year = (rfc[3] ?? '').length === 2 ? short + (short < 50 ? 2000 : 1900) : short;
    const month = MONTHS.indexOf((rfc[2] ?? '').toLowerCase()) + 1;
    return month === 0 ? null : assemble({ year, month, day: Number(rfc[1]), clock: rfc.slice(4, 8), zone: rfc[8] });
  }
  const partial = YEAR_MONTH.exec(source);
  return partial ? assemble({ year: Number(partial[1]), month: Number(partial[2] ?? '1'), day: 1, clock: [] }) : null;
}

/** Ticks of each unit that a timespan literal may carry (page "The timespan data type"). */
const UNITS: readonly [RegExp, number][] = [
  [/^d(ays?)?$/, TICKS_PER_DAY],
  [/^h(ours?|rs?)?$/, 3600 * TICKS_PER_SECOND],
  [/^m(in(utes?)?)?$/, 60 * TICKS_PER_SECOND],
  [/^s(ec(onds?)?)?$/, TICKS_PER_SECOND],
  [/^(ms|milli(s|sec|seconds?)?)$/, TICKS_PER_MS],
  [/^(us|micro(s|sec|seconds?)?)$/, 10],
  [/^(nano(s|sec|seconds?)?)$/, 0.01],
  [/^ticks?$/, 1],
];
const CLOCKED = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7})\d*)?)?$/;

/** `1.5h`, `15 seconds`, `1.02:03:04.5`, `12:30` or a number of days; null for anything else. */
export function parseTimespan(input: string): Int64 | null {
  const source = input.trim().toLowerCase();
  const clocked = CLOCKED.exec(source);
  if (clocked) {
    const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = clocked;
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
    const clock = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
    const ticks = clock * 10_000_000n + BigInt(fraction.padEnd(7, '0'));
    return toInt64(sign ? -ticks : ticks);
  }
  const counted = /^(-?\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(source);
  if (!counted) return null;
  const unit = counted[2] === '' ? TICKS_PER_DAY : UNITS.find(([name]) => name.test(counted[2] ?? ''))?.[1];
  return unit === undefined ? null : truncateToInt64(Math.round(Number(counted[1]) * unit));
}
