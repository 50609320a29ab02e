import { expect, test } from 'vitest';
import { memoryStore } from '../../src/state/memory.ts';
import {
  forgetBefore,
  markClosed,
  openSweeps,
  readPlan,
  readReport,
  storePlan,
  storeReport,
} from '../../src/state/plans.ts';
import { plan, report } from '../build.ts';

const SIX = '2026-11-24T06:00:00.000Z';
const SEVEN = '2026-11-24T07:00:00.000Z';

test('the first plan of a sweep stays', async () => {
  const store = memoryStore();
  const first = plan();
  expect(await storePlan(store, first)).toEqual(first);
  expect(await storePlan(store, plan({ subscriptions: [] }))).toEqual(first);
  expect(await readPlan(store, first.sweepId)).toEqual(first);
});

test('a plan that is not there is named', async () => {
  await expect(readPlan(memoryStore(), '20261124T060000Z')).rejects.toThrow(
    'there is no plan of sweep 20261124T060000Z in memory',
  );
});

test('a report comes back as it was told', async () => {
  const store = memoryStore();
  expect(await readReport(store, '20261124T060000Z', 'tenant')).toBeUndefined();
  await storeReport(store, report());
  expect(await readReport(store, '20261124T060000Z', 'tenant')).toEqual(report());
});

test('a sweep is open from its plan until it is closed, oldest first', async () => {
  const store = memoryStore();
  await storePlan(store, plan({ sweptAt: SEVEN }));
  await storePlan(store, plan({ sweptAt: SIX }));
  await storeReport(store, report());
  expect(await openSweeps(store)).toEqual(['20261124T060000Z', '20261124T070000Z']);
  await markClosed(store, '20261124T060000Z');
  expect(await openSweeps(store)).toEqual(['20261124T070000Z']);
});

test('only closed sweeps before the moment are forgotten, with all that belongs to them', async () => {
  const store = memoryStore();
  const [four, five] = ['2026-11-24T04:00:00.000Z', '2026-11-24T05:00:00.000Z'];
  for (const sweptAt of [four, five, SIX]) await storePlan(store, plan({ sweptAt }));
  await storeReport(store, report({ sweepId: '20261124T040000Z' }));
  await markClosed(store, '20261124T040000Z');
  await markClosed(store, '20261124T060000Z');
  await forgetBefore(store, '20261124T060000Z');
  expect(await store.list('')).toEqual([
    'sweeps/20261124T050000Z/plan.json',
    'sweeps/20261124T060000Z/closed.json',
    'sweeps/20261124T060000Z/plan.json',
  ]);
});
