import { expect, test } from 'vitest';
import type { Deadline } from '../src/deadline.ts';
import { shardsOfCut } from '../src/shard.ts';
import { memoryStore } from '../src/state/memory.ts';
import { readReport, storePlan } from '../src/state/plans.ts';
import type { SweepContext } from '../src/sweep.ts';
import { sweepMessage } from '../src/sweepMessage.ts';
import { only, plan, SUB, subscription } from './build.ts';
import { contextOf, estateOf, simulated, wireRegistry } from './wire.ts';

const MINUTE = 60_000;
const PARTS = shardsOfCut(SUB, 4);
const [ONE = '', , THREE = ''] = PARTS;
const DUE = plan({
  policy: only('admin-account-enabled'),
  subscriptions: [{ ...subscription(), retired: false, parts: PARTS.length, formerly: [] }],
});

/** An app in which a part takes some minutes, of a subscription in four parts. */
async function hosted(minutes: number) {
  const both = simulated(estateOf(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => wireRegistry(name))));
  const context = contextOf(both, { store: memoryStore() });
  await storePlan(context.store, DUE);
  let now = 0;
  const given: (number | undefined)[][] = [];
  const logged: unknown[] = [];
  const host = {
    now: () => now,
    open(...deadlines: Deadline[]): SweepContext {
      given.push(deadlines.map(({ leftMs }) => leftMs() / MINUTE));
      if (deadlines.length > 0) now += minutes * MINUTE;
      return context;
    },
  };
  return {
    given,
    logged,
    come: (shard: string, dequeueCount = 1) =>
      sweepMessage(
        { sweepId: DUE.sweepId, shard },
        {
          triggerMetadata: { dequeueCount },
          log: (text, { shard: one }: { shard?: string }) => logged.push([text, one]),
        },
        host,
      ),
    swept: async () => {
      const reports = await Promise.all(PARTS.map((shard) => readReport(context.store, DUE.sweepId, shard)));
      return PARTS.filter((_, at) => reports[at]);
    },
  };
}

test('a message is for all parts of its subscription', async () => {
  const { come, swept, logged } = await hosted(0);
  expect(await come(ONE)).toBeUndefined();
  expect(await swept()).toEqual(PARTS);
  expect(logged.sort()).toEqual(PARTS.map((shard) => ['shard swept', shard]));
});

test('what there is no time to begin is for another message, which goes on there', async () => {
  const { come, swept } = await hosted(6);
  const next = await come(ONE);
  expect(next).toEqual({ sweepId: DUE.sweepId, shard: THREE });
  expect(await swept()).toEqual(PARTS.slice(0, 2));
  expect(await come(next?.shard ?? '')).toBeUndefined();
  expect(await swept()).toEqual(PARTS);
});

test('a message that comes again sweeps what is left', async () => {
  const { come, given } = await hosted(6);
  await come(ONE);
  const before = given.length;
  await come(ONE, 2);
  // The first is opened to see what is left.
  expect(given.length - before).toBe(1 + 2);
  await come(ONE, 3);
  expect(given.length - before).toBe(1 + 2 + 1);
});

test('all parts of a message read for twenty minutes, and send for five more', async () => {
  const { come, given } = await hosted(6);
  await come(ONE);
  expect(given).toEqual([[], [20, 25], [14, 19]]);
});
