import { expect, test } from 'vitest';
import { createQuotas } from '../../simulator/quotas.ts';

const bucket = { size: 3, perSecond: 2 };

test('a bucket empties, tells how long to wait, and fills by the clock up to its size', () => {
  let now = 0;
  const quotas = createQuotas(() => now, true);
  const take = (tokens = 1) => quotas.take('a', bucket, tokens);
  expect([take(), take(2), take()]).toEqual([
    { allowed: true, remaining: 2, retryAfter: 0 },
    { allowed: true, remaining: 0, retryAfter: 0 },
    { allowed: false, remaining: 0, retryAfter: 1 },
  ]);
  expect(take(3)).toEqual({ allowed: false, remaining: 0, retryAfter: 2 });
  expect(quotas.take('b', bucket).allowed).toBe(true);
  now = 500;
  expect(take()).toEqual({ allowed: true, remaining: 0, retryAfter: 0 });
  now = 60_000;
  expect(take()).toEqual({ allowed: true, remaining: 2, retryAfter: 0 });
});

test('not enforced, it still counts but never refuses', () => {
  const quotas = createQuotas(() => 0, false);
  const taken = Array.from({ length: 5 }, () => quotas.take('a', bucket));
  expect(taken.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
    [true, 2],
    [true, 1],
    [true, 0],
    [true, 0],
    [true, 0],
  ]);
});
