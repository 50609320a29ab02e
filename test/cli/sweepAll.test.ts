import { expect, test } from 'vitest';
import { simulatedSession } from '../../src/cli/session.ts';
import { sweepAll } from '../../src/cli/sweepAll.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { memoryStore } from '../../src/state/memory.ts';

test('a state whose sweeps are published takes no sweep that is not', async () => {
  const session = await simulatedSession('blast');
  const store = memoryStore();
  const sweep = (publish: boolean, sweptAt: string) =>
    sweepAll(session, { policy: DEFAULT_POLICY, store, publish, sweptAt });
  await sweep(false, '2026-11-24T06:00:00.000Z');
  await sweep(true, '2026-11-24T07:00:00.000Z');
  const kept = await store.read('shards/tenant.json');
  await expect(sweep(false, '2026-11-24T08:00:00.000Z')).rejects.toThrow(
    'are published: one that is not would keep from the workspace what it finds fixed. Add --publish',
  );
  expect(await store.read('shards/tenant.json')).toEqual(kept);
});

test('a second sweep of an estate at the time of the first says how to name a later one', async () => {
  const session = await simulatedSession('quiet');
  const options = { policy: DEFAULT_POLICY, store: memoryStore(), publish: false, sweptAt: '2026-11-24T06:00:00.000Z' };
  await sweepAll(session, options);
  await expect(sweepAll(session, options)).rejects.toThrow(
    'sweep 20261124T060000Z was closed before, with the state in memory; name a later time with --now',
  );
});
