import { coerce } from '../compile/coerce.ts';
import { type Compiled, constant, constantValue, once } from '../compile/scope.ts';
import { errorAt, unsupportedAt } from '../errors.ts';
import { datetimeOf, dayMs, inRange, instantOf, TICKS_PER_DAY } from '../values/datetime.ts';
import { addInt, int, multiplyInt, num, subtractInt, text } from '../values/int64.ts';
import type { Int64, KqlType, KqlValue } from '../values/types.ts';
import { applied, type Bind, type Call, placed, plain } from './registry.ts';
import { formatDatetime, formatTimespan } from './time-format.ts';
import { dateDiff, datePart, dateShift } from './time-parts.ts';

const DAY_MS = 86_400_000;

function startOf(unit: string, ms: number, offset: number): number {
  const date = new Date(ms);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  switch (unit) {
    case 'day':
      return dayMs(year, month, day + offset);
    case 'week':
      return dayMs(year, month, day - date.getUTCDay() + 7 * offset);
    case 'month':
      return dayMs(year, month + offset, 1);
    default:
      return dayMs(year + offset, 1, 1);
  }
}

/** startofday() and kin: the start of the unit, `offset` units later. */
function start(unit: string): Bind {
  return plain({
    params: ['datetime', 'long?'],
    returns: 'datetime',
    apply: (value, offset) => datetimeOf(startOf(unit, instantOf(int(value)).ms, offset === null ? 0 : num(offset))),
  });
}

/** endofday() and kin: a tick before the next unit starts. */
function end(unit: string): Bind {
  return plain({
    params: ['datetime', 'long?'],
    returns: 'datetime',
    apply: (value, offset) => {
      const next = datetimeOf(startOf(unit, instantOf(int(value)).ms, (offset === null ? 0 : num(offset)) + 1));
      return next === null ? null : subtractInt(next, 1);
    },
  });
}

function part(name: string, returns: KqlType = 'int'): Bind {
  return plain({ params: ['datetime'], returns, apply: (value) => datePart(name, int(value)) });
}

/** now(), now(-1d). */
function now(call: Call): Compiled {
  const [offset] = call.args;
  const at = call.scope.context.now;
  if (!offset) return constant('datetime', at);
  return applied([coerce(offset, 'timespan')], 'datetime', false, (span) => inRange(addInt(at, int(span))));
}

/** ago(1d). */
function ago(call: Call): Compiled {
  const [span] = call.args;
  const at = call.scope.context.now;
  if (!span) throw errorAt(call.node, 'ago() needs a timespan');
  return applied([coerce(span, 'timespan')], 'datetime', false, (value) => inRange(subtractInt(at, int(value))));
}

function unitOf(call: Call): string {
  const [unit] = call.args;
  if (!unit?.constant) throw unsupportedAt(call.node, `${call.name}() with a unit that is not a constant`);
  return text(constantValue(unit)).toLowerCase();
}

function add(call: Call): Compiled {
  const unit = unitOf(call);
  const [, amount, value] = call.args;
  if (!amount || !value) throw errorAt(call.node, 'datetime_add() needs a unit, an amount and a datetime');
  return applied([coerce(amount, 'long'), coerce(value, 'datetime')], 'datetime', false, (by, at) => {
    const result = dateShift(unit, num(by), int(at));
    if (result === undefined) throw errorAt(call.node, `datetime_add() does not know the unit '${unit}'`);
    return result;
  });
}

function difference(call: Call): Compiled {
  const unit = unitOf(call);
  const [, first, second] = call.args;
  if (!first || !second) throw errorAt(call.node, 'datetime_diff() needs a unit and two datetimes');
  return applied([coerce(first, 'datetime'), coerce(second, 'datetime')], 'long', false, (a, b) => {
    const result = dateDiff(unit, int(a), int(b));
    if (result === undefined) throw errorAt(call.node, `datetime_diff() does not know the unit '${unit}'`);
    return result;
  });
}

function partOf(call: Call): Compiled {
  const unit = unitOf(call);
  const [, value] = call.args;
  if (!value) throw errorAt(call.node, 'datetime_part() needs a unit and a datetime');
  return applied([coerce(value, 'datetime')], 'int', false, (at) => {
    const result = datePart(unit, int(at));
    if (result === null) throw errorAt(call.node, `datetime_part() does not know the unit '${unit}'`);
    return result;
  });
}

function sinceSunday(value: Int64): KqlValue {
  const { ms } = instantOf(value);
  return multiplyInt(new Date(Math.floor(ms / DAY_MS) * DAY_MS).getUTCDay(), TICKS_PER_DAY);
}

function formatted(format: (value: Int64, pattern: string) => string, type: KqlType): Bind {
  return (call) => {
    const [value, pattern] = call.args;
    if (!value || !pattern) throw errorAt(call.node, `${call.name}() needs a value and a format`);
    const evaluate = coerce(value, type).eval;
    const patternOf = coerce(pattern, 'string').eval;
    return once({
      type: 'string',
      constant: value.constant && pattern.constant,
      eval: (row) => {
        const cell = evaluate(row);
        return cell === null ? '' : format(int(cell), text(patternOf(row)));
      },
    });
  };
}

export const TIME: Readonly<Record<string, Bind>> = {
  now,
  ago,
  startofday: start('day'),
  startofweek: start('week'),
  startofmonth: start('month'),
  startofyear: start('year'),
  endofday: end('day'),
  endofweek: end('week'),
  endofmonth: end('month'),
  endofyear: end('year'),
  dayofweek: plain({ params: ['datetime'], returns: 'timespan', apply: (value) => sinceSunday(int(value)) }),
  dayofmonth: part('day'),
  dayofyear: part('dayofyear'),
  hourofday: part('hour'),
  monthofyear: part('month'),
  getmonth: part('month'),
  getyear: part('year'),
  week_of_year: part('week_of_year'),
  datetime_add: add,
  datetime_diff: difference,
  datetime_part: partOf,
  format_datetime: placed(formatted(formatDatetime, 'datetime')),
  format_timespan: placed(formatted(formatTimespan, 'timespan')),
};
