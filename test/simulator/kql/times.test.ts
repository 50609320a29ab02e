import fc from 'fast-check';
import { expect, test } from 'vitest';
import { datetimeOf, instantOf, printDatetime, printTimespan } from '../../../simulator/kql/values/datetime.ts';
import { toInt64 } from '../../../simulator/kql/values/int64.ts';
import { parseDatetime, parseTimespan } from '../../../simulator/kql/values/parse-time.ts';

const YEAR_1 = Date.UTC(2000, 0, 1) - 63_082_281_600_000;
const ms = fc.integer({ min: YEAR_1, max: Date.UTC(9999, 11, 31) });
const ticks = fc.integer({ min: 0, max: 9999 });

test('a datetime keeps its ticks, whatever the year', () => {
  fc.assert(
    fc.property(ms, ticks, (time, rest) => {
      const datetime = datetimeOf(time, rest);
      expect(datetime === null ? null : instantOf(datetime)).toEqual({ ms: time, ticks: rest });
    }),
  );
});

test('what is printed is read back', () => {
  fc.assert(
    fc.property(ms, ticks, (time, rest) => {
      const datetime = datetimeOf(time, rest) ?? 0;
      expect(parseDatetime(printDatetime(datetime))).toBe(datetime);
    }),
  );
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (span) => {
      expect(parseTimespan(printTimespan(toInt64(span)))).toBe(toInt64(span));
    }),
  );
});

test('datetimes order as their times do', () => {
  fc.assert(
    fc.property(ms, ms, (a, b) => {
      const [x, y] = [datetimeOf(a) ?? 0, datetimeOf(b) ?? 0];
      expect(x < y).toBe(a < b);
    }),
  );
});

test('there is nothing before year 1 and after year 9999', () => {
  expect([datetimeOf(YEAR_1 - 1), datetimeOf(Date.UTC(10_000, 0, 1)), datetimeOf(Number.NaN)]).toEqual([
    null,
    null,
    null,
  ]);
});
