import { expect, test } from 'vitest';
import { median } from '../../bench/coldStart.ts';
import { type Performance, performancePage } from '../../bench/page.ts';
import { run } from './builders.ts';

const PERFORMANCE: Performance = {
  machine: { cores: 2, node: '22' },
  scale: [run(100), run(200), run(1000)],
  floor: { registries: 1000, requests: 1390, sweepCpuSeconds: 2.5, cpuSeconds: 0.5 },
  alone: run(1000, { subscriptions: 1, clock: 10 }),
  throttled: run(2000, { faults: 'status=429 times=300' }),
  cold: {
    runs: 10,
    bundled: { load: 175, process: 200 },
    unbundled: { load: 700, process: 720 },
    bytes: { all: 2_059_504, toSweep: 1_637_038 },
  },
  prices: { perGb: 2.3, perRule: 0.5, rules: 10, sweepsPerDay: 24 },
};

test('the page says what was measured, and nothing is left open', () => {
  const page = performancePage(PERFORMANCE);
  expect(page.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    '# Performance',
    '## From 100 to 1000 registries',
    '## The requests alone',
    '## 1000 registries in one subscription',
    '## 2000 registries, throttled',
    '## What a month costs',
    '## Cold start',
  ]);
  expect(page).toContain('Measured on 2 cores with Node 22');
  expect(page).toContain('With the faults `status=429 times=300`.');
  expect(page).toContain('| its 1390 requests alone | 0.5 | 2000 | 0.20 |');
  expect(page).toContain('| every row in every sweep | 7.30 | 16.79 | 5.00 | 21.79 |');
  expect(page).toContain('| `AcrWardenSweeps_CL` | 0 | 0.00 | 2 | 0.00 |');
  expect(page).toContain('| loading all functions | 175 | 700 | 0.25 |');
  expect(page).toContain('has 2060 kB of JavaScript, of which 1637 kB');
  expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
});

test('without a run there is no page', () => {
  expect(() => performancePage({ ...PERFORMANCE, scale: [] })).toThrow('there is no steady sweep');
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
])('the median of %j', (values, middle) => {
  expect(median(values)).toBe(middle);
});
