import { expect, test } from 'vitest';
import { type Bound, boundOf, chainOf, STAGES } from '../../bench/bound.ts';
import type { SweepFigures } from '../../bench/figures.ts';
import { figures } from './builders.ts';

const IDLE = {
  busiestCpuSeconds: 0,
  busiestBucket: 0,
  resourceGraphQueries: 0,
  graphUnits: 0,
  keyCredentialsRequests: 0,
};

const LEAST = STAGES.length * 0.04;

test.each<[string, Partial<SweepFigures>, Bound]>([
  ['nothing but latency', {}, { by: 'latency', seconds: LEAST }],
  ['a full bucket is no wait', { busiestBucket: 250 }, { by: 'latency', seconds: LEAST }],
  ['a subscription beyond its bucket', { busiestBucket: 275 }, { by: 'ARM quota', seconds: 1 }],
  ['Resource Graph', { resourceGraphQueries: 21 }, { by: 'Resource Graph quota', seconds: 2 }],
  ['units of Graph', { graphUnits: 9600 }, { by: 'Graph quota', seconds: 2 }],
  ['keyCredentials', { keyCredentialsRequests: 160 }, { by: 'Graph quota', seconds: 4 }],
  ['the processor', { busiestCpuSeconds: 7, busiestBucket: 300 }, { by: 'processor', seconds: 7 }],
])('%s', (_, change, bound) => {
  expect(boundOf(figures({ ...IDLE, ...change }), { latencyMs: 40, clock: 1 })).toEqual(bound);
});

test('by a faster clock the processor is slower', () => {
  expect(boundOf(figures({ ...IDLE, busiestCpuSeconds: 1 }), { latencyMs: 40, clock: 10 })).toEqual({
    by: 'processor',
    seconds: 10,
  });
});

test('each page of the longest list waits for the one before it', () => {
  expect([0, 1, 100].map((longestList) => chainOf({ longestList }) - STAGES.length)).toEqual([0, 0, 99]);
});
