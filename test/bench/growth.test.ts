import { expect, test } from 'vitest';
import { doublings, growthOf, growthTable } from '../../bench/growth.ts';
import { ends } from '../../bench/scale.ts';
import { figures, measured, run } from './builders.ts';

test.each([
  [100, 10_000, [100, 200, 400, 800, 1600, 3200, 6400, 10_000]],
  [100, 400, [100, 200, 400]],
  [100, 100, [100]],
  [100, 60, [60]],
])('from %d to %d', (from, to, sizes) => {
  expect(doublings(from, to)).toEqual(sizes);
});

test('in proportion is × 2, the same is × 1, and from nothing nothing is told', () => {
  const small = figures({ registries: 100, readInFull: 100, wallSeconds: 1, peakMiB: 150, throttled: 0 });
  const large = figures({ registries: 1600, readInFull: 1600, wallSeconds: 16, peakMiB: 150, throttled: 5 });
  const grown = growthOf(small, large, measured()).filter(({ name }) => ['wall s', 'peak MiB', '429'].includes(name));
  expect(grown).toEqual([
    { name: 'wall s', from: 1, to: 16, perDoubling: 2 },
    { name: 'peak MiB', from: 150, to: 150, perDoubling: 1 },
    { name: '429', from: 0, to: 5, perDoubling: undefined },
  ]);
});

test('the table has the digits of each figure', () => {
  const [head, wall] = growthTable(
    figures({ registries: 100 }),
    figures({ registries: 200, wallSeconds: 3 }),
    measured(),
  );
  expect([head, wall]).toEqual([
    ['figure', 'at 100', 'at 200', 'for twice the registries'],
    ['wall s', '2.0', '3.0', '× 1.50'],
  ]);
});

test('the ends of a scale are those of one kind of sweep', () => {
  const runs = [run(100), run(200), run(400)];
  expect(ends(runs, 'first').map(({ sweep, registries }) => [sweep, registries])).toEqual([
    ['first', 100],
    ['first', 400],
  ]);
  expect(() => ends([], 'steady')).toThrow('there is no steady sweep');
});

test('one size does not grow', () => {
  const grown = growthOf(figures(), figures(), measured());
  expect(grown.map(({ perDoubling }) => perDoubling)).toEqual(grown.map(() => undefined));
});
