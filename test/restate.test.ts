import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sayingAfter } from '../src/restate.ts';
import type { Published, Said } from '../src/state/published.ts';
import { fromNow, report } from './build.ts';

const HOUR = 3600;
/** Its time comes at the beginning of a period of twelve hours. */
const FIRST = '0000000000000000';
/** And this one's in the middle. */
const MIDDLE = '8000000000000000';

function published(hour: number, said: Said | undefined): Published {
  const sweptAt = fromNow(hour * HOUR);
  return { version: 1, sweepId: sweptAt, report: report({ sweptAt }), ...(said && { said: Object.entries(said) }) };
}

describe('what is due', () => {
  test('everything, where nobody knows what was said', () => {
    expect(sayingAfter(undefined, fromNow(0)).isDue(FIRST, 'as it was')).toBe(true);
    expect(sayingAfter(published(0, undefined), fromNow(HOUR)).isDue(FIRST, 'as it was')).toBe(true);
  });

  // NOW is 06:00: the periods of FIRST begin at noon and midnight, those of MIDDLE at 06:00 and 18:00.
  const cases: [string, string, number, number, boolean][] = [
    [FIRST, 'as it was', 1, 2, false],
    [FIRST, 'as it was', 5, 6, true],
    [FIRST, 'as it was', 6, 7, false],
    [FIRST, 'as it was', 2, 14, true],
    [FIRST, 'other than it was', 1, 2, true],
    [MIDDLE, 'as it was', 5, 6, false],
    [MIDDLE, 'as it was', 11, 12, true],
    [MIDDLE, 'as it was', 1, 60, true],
  ];
  test.each(cases)('%s %s, from hour %i to hour %i: %s', (key, content, before, now, due) => {
    const { said } = saidOnce(key, 'as it was');
    expect(sayingAfter(published(before, said), fromNow(now * HOUR)).isDue(key, content)).toBe(due);
  });

  test('what is not there any more is forgotten, so that it is new when it comes back', () => {
    const first = saidOnce(FIRST, 'as it was');
    const without = sayingAfter(published(0, first.said), fromNow(HOUR));
    expect(without.said).toEqual({});
    const again = sayingAfter(published(1, without.said), fromNow(2 * HOUR));
    expect(again.isDue(FIRST, 'as it was')).toBe(true);
  });
});

function saidOnce(key: string, content: string) {
  const saying = sayingAfter(undefined, fromNow(0));
  saying.isDue(key, content);
  return saying;
}

const someKey = fc.nat(2 ** 32 - 1).map((n) => n.toString(16).padStart(8, '0').padEnd(16, '0'));

test('whatever the sweeps: what changes is said at once, and nothing is unsaid for twelve hours when a sweep comes', () => {
  const step = fc.record({ hours: fc.integer({ min: 1, max: 30 }), content: fc.constantFrom('a', 'b') });
  fc.assert(
    fc.property(someKey, fc.array(step, { maxLength: 40 }), (key, steps) => {
      let hour = 0;
      let last: { hour: number; content: string } | undefined;
      let earlier: Published | undefined;
      for (const { hours, content } of steps) {
        hour += hours;
        const saying = sayingAfter(earlier, fromNow(hour * HOUR));
        const isDue = saying.isDue(key, content);
        if (last?.content !== content) expect(isDue).toBe(true);
        if (last && hour - last.hour >= 12) expect(isDue).toBe(true);
        if (isDue) last = { hour, content };
        earlier = published(hour, saying.said);
      }
    }),
    { seed: 9, numRuns: 300 },
  );
});

test('of many things about a twelfth is due in each hour', () => {
  const keys = Array.from({ length: 6000 }, (_, n) =>
    Math.floor((n / 6000) * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  );
  const said: Said = {};
  for (const key of keys) Object.assign(said, saidOnce(key, 'as it was').said);
  const due = Array.from({ length: 12 }, (_, hour) => {
    const saying = sayingAfter(published(hour, said), fromNow((hour + 1) * HOUR));
    return keys.filter((key) => saying.isDue(key, 'as it was')).length;
  });
  expect(due.every((count) => Math.abs(count - 500) <= 1)).toBe(true);
  expect(due.reduce((sum, count) => sum + count)).toBe(6000);
});
