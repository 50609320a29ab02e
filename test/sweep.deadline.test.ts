import { describe, expect, test } from 'vitest';
import type { EstateFile } from '../simulator/index.ts';
import { closeSweeps } from '../src/close.ts';
import type { Deadline } from '../src/deadline.ts';
import type { ShardResult } from '../src/model/sweep.ts';
import { memoryStore } from '../src/state/memory.ts';
import { keptOf } from '../src/state/spool.ts';
import { runSweep } from '../src/sweep.ts';
import { only, plan, registryId, SUB, subscription } from './build.ts';
import { contextOf, estateOf, simulated, wireRegistry, wireSubscription, wireToken } from './wire.ts';

const POLICY = only('token-password-never-expires', 'usage-near-limit', 'diagnostic-logs-missing', 'unreadable-scope');
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const TOKENS = /registries\/([^/]+)\/tokens$/;
const FULL = [{ name: 'Size', limit: 100, currentValue: 95, unit: 'Bytes' }];

/** Each registry has a token that never expires, and is full. */
function estate(change: Partial<EstateFile> = {}): EstateFile {
  const resources = NAMES.flatMap((name) => [
    wireRegistry(name),
    wireToken(name, 'ci', [{ name: 'password1', expiry: null }]),
  ]);
  const usages = Object.fromEntries(NAMES.map((name) => [registryId(name), FULL]));
  return estateOf(resources, { usages, ...change });
}

/** Sweeps of one shard, an hour apart, in which the time suffices for so many reads, and batches of rows, each. */
function started(world: EstateFile, shard = SUB) {
  let left = 0;
  let unsent = 0;
  // Asked once for each read.
  const deadline: Deadline = { leftMs: () => (left-- > 0 ? 1 : 0) };
  const sendDeadline: Deadline = { leftMs: () => (unsent-- > 0 ? 1 : 0) };
  const both = simulated(world, { connection: { deadline, sendDeadline } });
  const context = contextOf(both, { store: memoryStore() });
  const ids = (world.subscriptions ?? []).map(({ subscriptionId }) => subscriptionId);
  const subscriptions = ids.map((subscriptionId) => ({ ...subscription({ subscriptionId }), retired: false }));
  async function sweep(n: number, reads: number, batches = 100): Promise<ShardResult | undefined> {
    const sweptAt = new Date(Date.parse('2026-11-24T06:00:00Z') + n * 3_600_000).toISOString();
    if (n > 0) both.simulator.advanceTo(sweptAt);
    left = reads;
    unsent = batches;
    return runSweep(context, plan({ policy: POLICY, sweptAt, subscriptions }), shard);
  }
  return {
    ...both,
    context,
    async close() {
      unsent = 100;
      return closeSweeps(context);
    },
    sweep,
    /** what some sweeps ask for: of each path that a pattern fits the part that it captures */
    async asked(sweeps: number, reads: number, pattern: RegExp): Promise<string[]> {
      const asked: string[] = [];
      for (let n = 0; n < sweeps; n++) {
        both.simulator.requests.length = 0;
        await sweep(n, reads);
        asked.push(both.simulator.requests.flatMap(({ path }) => pattern.exec(path)?.[1] ?? []).join(' '));
      }
      return asked;
    },
  };
}

function found(result: ShardResult | undefined): string[] {
  const lines = (result?.findings ?? []).map(({ checkId, registryName, subject, status }) =>
    [checkId, registryName || subject, status].join(' '),
  );
  return lines.sort();
}

function gaps(result: ShardResult | undefined): string[] {
  return (result?.report.gaps ?? []).map(({ source, code, toldAt }) => `${source} ${code} at ${toldAt?.resourceId}`);
}

describe('a subscription that is too large for the time of one sweep', () => {
  test('has the tokens of all its registries read before anything else, and one gap for each source', async () => {
    const { sweep } = started(estate());
    const first = await sweep(0, 9);
    expect(found(first).filter((line) => line.startsWith('token'))).toEqual(
      NAMES.map((name) => `token-password-never-expires ${name} new`),
    );
    expect(gaps(first).sort()).toEqual(
      ['activityLog', 'diagnosticSettings', 'scopeMaps', 'usages'].map(
        (source) => `${source} NotReached at /subscriptions/${SUB}`,
      ),
    );
    expect(first?.report).toMatchObject({ outcome: 'partial', registriesSeen: 6 });
  });

  test('is whole after a few sweeps, since each begins with what was left', async () => {
    const { sweep } = started(estate());
    const read: (number | undefined)[] = [];
    let last: ShardResult | undefined;
    for (let n = 0; n < 4; n++) {
      last = await sweep(n, 15);
      read.push(last?.report.registriesRead);
    }
    expect(read.at(-1)).toBe(6);
    expect(read).toEqual([...read].sort());
    expect(gaps(last)).toEqual([]);
    expect(
      found(last)
        .filter((line) => line.startsWith('usage'))
        .map((line) => line.split(' ')[1]),
    ).toEqual(NAMES);
    expect(found(last).filter((line) => line.startsWith('unreadable'))).toEqual([]);
  });

  test('reads the tokens first that it did not come to', async () => {
    const { asked } = started(estate());
    expect(await asked(2, 4, TOKENS)).toEqual(['a b c', 'd e f']);
  });

  test('comes to every registry, though the time never suffices for half of them', async () => {
    const { asked } = started(estate());
    expect(await asked(6, 3, TOKENS)).toEqual(['a b', 'c d', 'e f', 'a b', 'c d', 'e f']);
  });

  test('keeps the order over a sweep in which the list broke', async () => {
    const { asked, simulator } = started(estate());
    simulator.faults.add({
      match: { path: /registries\?/, nth: 2, times: 1 },
      effect: { kind: 'status', status: 403 },
    });
    expect(await asked(4, 3, TOKENS)).toEqual(['a b', '', 'c d', 'e f']);
  });
});

test('a tenant whose lists never fit by half into the time of one sweep has those of every subscription read', async () => {
  const ids = Array.from({ length: 50 }, (_, n) => `${SUB.slice(0, -2)}${n + 10}`);
  const subscriptions = ids.map((subscriptionId) => wireSubscription({ subscriptionId }));
  const { asked } = started(estateOf([], { subscriptions }), 'tenant');
  const lists = await asked(4, 48, /subscriptions\/([^/]+)\/providers\/Microsoft.Authorization\/roleAssignments$/);
  expect(lists.map((list) => list.split(' ').length)).toEqual([16, 16, 16, 16]);
  expect([...new Set(lists.flatMap((list) => list.split(' ')))].sort()).toEqual(ids);
});

test('what was open and is not reached stays open, unverified, and nothing counts as deleted', async () => {
  const timeline = [{ at: '2026-11-24T06:30:00Z', remove: registryId('a') }];
  const { sweep } = started(estate({ timeline }));
  const first = await sweep(0, 100);
  const second = await sweep(1, 0);
  const third = await sweep(2, 100);
  const open = found(first).map((line) => line.replace(/ \S+$/, ''));
  const still = found(second).filter((line) => line.endsWith('unverified'));
  expect(still.map((line) => line.replace(/ \S+$/, ''))).toEqual(open);
  expect(second?.report).toMatchObject({ registriesRead: 0, registriesDeleted: 0 });
  expect(found(third).filter((line) => line.endsWith('resolved'))).toEqual(
    [
      ...open.filter((line) => line.endsWith(' a')).map((line) => `${line} resolved`),
      'unreadable-scope registries resolved',
    ].sort(),
  );
});

test('rows are sent after the deadline too', async () => {
  const { sweep, simulator } = started(estate());
  const { report } = (await sweep(0, 1)) ?? {};
  expect(report?.rowsUndelivered).toBe(0);
  expect(simulator.workspace.tables.AcrWardenSweeps_CL?.length).toBe(1);
});

test('rows that there is no time to send wait in the spool, with that of the shard, and the closing sends them', async () => {
  const { sweep, close, simulator } = started(estate());
  const arrived = (): [string, number][] =>
    Object.entries(simulator.workspace.tables).map(([table, rows]) => [table, rows.length]);
  const { report, findings = [], credentials = [], registries = [] } = (await sweep(0, 100, 1)) ?? {};
  expect(arrived()).toEqual([['AcrWardenFindings_CL', findings.length]]);
  expect(report?.rowsUndelivered).toBe(credentials.length + registries.length + 1);
  await close();
  expect(arrived()).toEqual([
    ['AcrWardenFindings_CL', findings.length],
    ['AcrWardenCredentials_CL', credentials.length],
    ['AcrWardenRegistries_CL', registries.length],
    ['AcrWardenSweeps_CL', 1],
  ]);
});

test('rows of a sweep that was cut short take no time from the next one: it sends nothing before it has read', async () => {
  const { sweep, simulator, context } = started(estate());
  await sweep(0, 100);
  await context.store.remove(`published/${SUB}.json`);
  simulator.requests.length = 0;
  await sweep(1, 100);
  const services = simulator.requests.map(({ service }) => service);
  const sent = services.slice(services.indexOf('ingestion'));
  expect([...new Set(sent)]).toEqual(['ingestion']);
  expect(sent.length).toBeLessThan(services.length);
  expect(await keptOf(context.store, '20261124T060000Z', SUB)).not.toEqual([]);
});
