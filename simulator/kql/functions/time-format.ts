import { KqlUnsupportedError } from '../errors.ts';
import { instantOf } from '../values/datetime.ts';
import type { Int64 } from '../values/types.ts';

const DELIMITERS = ' /-:,._[]TZ';

function pad(value: number | bigint, width: number): string {
  return String(value).padStart(width, '0');
}

/** `f` prints the digits, `F` leaves zeros at the end out. */
function fraction(ticks: number, letters: string): string {
  const digits = pad(ticks, 7).slice(0, letters.length);
  return letters.startsWith('F') ? digits.replace(/0+$/, '') : digits;
}

/** The runs of letters of a format, each printed by `print`; delimiters stay. Refuses what the page does not list. */
function run(name: string, format: string, print: (letters: string) => string | undefined): string {
  return format.replace(/([A-Za-z])\1*|[^A-Za-z]/g, (piece) => {
    const printed = print(piece);
    if (printed !== undefined) return printed;
    if (DELIMITERS.includes(piece)) return piece;
    throw new KqlUnsupportedError(`${name}() with '${piece}' in the format ${JSON.stringify(format)}`);
  });
}

/** format_datetime(): the elements of its page. */
export function formatDatetime(value: Int64, format: string): string {
  const { ms, ticks } = instantOf(value);
  const date = new Date(ms);
  const sub = date.getUTCMilliseconds() * 10_000 + ticks;
  const hour = date.getUTCHours();
  const year = date.getUTCFullYear();
  return run('format_datetime', format, (letters) => {
    const width = letters.length;
    if (/^[fF]{1,7}$/.test(letters)) return fraction(sub, letters);
    if (letters === 'tt') return hour < 12 ? 'AM' : 'PM';
    if (letters === 'yyyy') return pad(year, 4);
    if (width > 2) return undefined;
    switch (letters[0]) {
      case 'd':
        return pad(date.getUTCDate(), width);
      case 'h':
        return pad(hour % 12 === 0 ? 12 : hour % 12, width);
      case 'H':
        return pad(hour, width);
      case 'm':
        return pad(date.getUTCMinutes(), width);
      case 'M':
        return pad(date.getUTCMonth() + 1, width);
      case 's':
        return pad(date.getUTCSeconds(), width);
      case 'y':
        return pad(year % 100, width);
      default:
        return undefined;
    }
  });
}

/** format_timespan(): the elements of its page. */
export function formatTimespan(value: Int64, format: string): string {
  const total = BigInt(value);
  const all = total < 0n ? -total : total;
  const seconds = all / 10_000_000n;
  const body = run('format_timespan', format, (letters) => {
    const width = letters.length;
    if (/^[fF]{1,7}$/.test(letters)) return fraction(Number(all % 10_000_000n), letters);
    if (/^d{1,8}$/.test(letters)) return pad(seconds / 86_400n, width);
    if (width > 2) return undefined;
    switch (letters[0]) {
      case 'h':
      case 'H':
        return pad((seconds / 3600n) % 24n, width);
      case 'm':
        return pad((seconds / 60n) % 60n, width);
      case 's':
        return pad(seconds % 60n, width);
      default:
        return undefined;
    }
  });
  return total < 0n ? `-${body}` : body;
}
