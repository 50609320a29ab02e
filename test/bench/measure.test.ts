import { expect, test } from 'vitest';
import { measure, measureFloor } from '../../bench/measure.ts';
import { measured } from './builders.ts';

test('sweeps a tenant twice in processes of its own, and counts what arrives', async () => {
  const asked = measured({ registries: 6, subscriptions: 2, latencyMs: 0, clock: 10 });
  const sweeps = await measure(asked);
  const seen = sweeps.map(({ sweep, registries, readInFull, gaps, throttled, tables }) => ({
    sweep,
    registries,
    readInFull,
    gaps,
    throttled,
    postures: tables.AcrWardenRegistries_CL?.rows ?? 0,
    // Two subscriptions, the tenant, and the closing.
    sweepRows: tables.AcrWardenSweeps_CL?.rows,
  }));
  const same = { registries: 6, readInFull: 6, gaps: 0, throttled: 0, postures: expect.any(Number), sweepRows: 4 };
  expect(seen).toEqual([
    { sweep: 'first', ...same, postures: 6 },
    { sweep: 'steady', ...same },
  ]);
  const [first, steady] = sweeps;
  expect(steady?.armRequests).toBeLessThan(first?.armRequests ?? 0);
  expect(steady?.armRequests).toBeGreaterThan(6);
});

test('measures what the requests of a sweep take alone', async () => {
  const asked = measured({ registries: 6, subscriptions: 2, latencyMs: 0, clock: 10 });
  const { registries, requests, cpuSeconds } = await measureFloor(asked);
  expect(registries).toBe(6);
  // The tokens of each registry at least.
  expect(requests).toBeGreaterThan(6);
  expect(cpuSeconds).toBeGreaterThan(0);
});

test('a process that cannot go on is an error, not a wait', async () => {
  const asked = measured({ registries: 1, subscriptions: 1, latencyMs: 0, faults: 'status=400 service=identity' });
  await expect(measure(asked)).rejects.toThrow(
    /sweeper\.js ended with 1 before it answered: .*A fault rule answers 400/s,
  );
});
