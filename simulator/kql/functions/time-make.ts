import { coerce } from '../compile/coerce.ts';
import type { Compiled } from '../compile/scope.ts';
import { errorAt } from '../errors.ts';
import { datetimeOf, dayMs, inRange, TICKS_PER_MS, TICKS_PER_SECOND } from '../values/datetime.ts';
import { addInt, divideInt, int, multiplyInt, num, text } from '../values/int64.ts';
import { parseTimespan } from '../values/parse-time.ts';
import type { KqlValue } from '../values/types.ts';
import { applied, type Bind, type Call } from './registry.ts';

/** 1970-01-01 as a datetime. */
const UNIX_EPOCH = datetimeOf(0) ?? 0;

function single(call: Call): Compiled {
  const [argument] = call.args;
  if (!argument) throw errorAt(call.node, `${call.name}() needs an argument`);
  return argument;
}

/** make_datetime(y, m, d [, h, m [, s]]) or of a text. */
function makeDatetime(call: Call): Compiled {
  if (call.args.length === 1) return coerce(single(call), 'datetime');
  const args = call.args.map((arg, i) => coerce(arg, i === 5 ? 'real' : 'long'));
  return applied(args, 'datetime', false, (year, month, day, hour, ...more) => {
    const [minute = null, second = null] = more;
    const clock = (part: KqlValue) => (part === null ? 0 : num(part));
    const [y, mo, d] = [num(year), num(month), num(day)];
    const midnight = dayMs(y, mo, d);
    const valid =
      y >= 1 && y <= 9999 && new Date(midnight).getUTCMonth() === mo - 1 && new Date(midnight).getUTCDate() === d;
    if (!valid || clock(hour) > 23 || clock(minute) > 59 || clock(second) >= 60) return null;
    const ms = midnight + (clock(hour) * 60 + clock(minute)) * 60_000;
    return datetimeOf(ms + Math.floor(clock(second)) * 1000, Math.round((clock(second) % 1) * TICKS_PER_SECOND));
  });
}

/** make_timespan(h, m), (h, m, s), (d, h, m, s), or of a text. */
function makeTimespan(call: Call): Compiled {
  if (call.args.length === 1) {
    return applied([coerce(single(call), 'string')], 'timespan', false, (value) => parseTimespan(text(value)));
  }
  const args = call.args.map((arg) => coerce(arg, 'real'));
  return applied(args, 'timespan', false, (...parts) => {
    const given = parts.slice(0, args.length).map(num);
    const [days = 0, hours = 0, minutes = 0, seconds = 0] =
      given.length === 4 ? given : given.length === 3 ? [0, ...given] : [0, ...given, 0];
    if (days < 0 || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds >= 60) return null;
    return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * TICKS_PER_SECOND);
  });
}

/** Unix time in units of some ticks; of a whole number exactly, of a real as far as it goes. */
function unixTime(ticksEach: number): Bind {
  return (call) => {
    const argument = single(call);
    if (argument.type === 'int' || argument.type === 'long') {
      return applied([argument], 'datetime', false, (value) => {
        const ticks = ticksEach >= 1 ? multiplyInt(int(value), ticksEach) : divideInt(int(value), 1 / ticksEach);
        return ticks === null ? null : inRange(addInt(ticks, UNIX_EPOCH));
      });
    }
    return applied([coerce(argument, 'real')], 'datetime', false, (value) => {
      const ticks = num(value) * ticksEach;
      const ms = Math.floor(ticks / TICKS_PER_MS);
      return datetimeOf(ms, Math.floor(ticks - ms * TICKS_PER_MS));
    });
  };
}

/** Functions that make times of numbers. */
export const TIME_MAKING: Readonly<Record<string, Bind>> = {
  make_datetime: makeDatetime,
  make_timespan: makeTimespan,
  unixtime_seconds_todatetime: unixTime(TICKS_PER_SECOND),
  unixtime_milliseconds_todatetime: unixTime(TICKS_PER_MS),
  unixtime_microseconds_todatetime: unixTime(10),
  unixtime_nanoseconds_todatetime: unixTime(0.01),
};
