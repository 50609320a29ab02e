import { describe, expect, test } from 'vitest';
import type { EstateFile } from '../simulator/index.ts';
import { closeSweeps } from '../src/close.ts';
import type { Plan, ShardName, ShardResult } from '../src/model/sweep.ts';
import { planSweep, shardsOf } from '../src/plan.ts';
import { holds, partOf, shardsOfCut } from '../src/shard.ts';
import { memoryStore } from '../src/state/memory.ts';
import { loadState, saveState } from '../src/state/shardState.ts';
import type { Store } from '../src/state/store.ts';
import { runSweep, type SweepContext } from '../src/sweep.ts';
import { compared, only, plan, registryId, SUB, subscription } from './build.ts';
import { contextOf, estateOf, simulated, wireRegistry, wireReplication, wireToken } from './wire.ts';

const [ONE = '', TWO = ''] = shardsOfCut(SUB, 2);
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const POLICY = {
  ...only('admin-account-enabled', 'defender-plan-disabled', 'unreadable-scope'),
  profile: 'full' as const,
};

function namesIn(shard: ShardName): string[] {
  const part = partOf(shard);
  return NAMES.filter((name) => part && holds(part, registryId(name)));
}

/** The plan of the n-th hour, with the subscription in so many parts. */
function hour(n: number, parts: number, formerly: ShardName[] = []): Plan {
  const sweptAt = new Date(Date.parse('2026-11-24T06:00:00Z') + n * 3_600_000).toISOString();
  return plan({ policy: POLICY, sweptAt, subscriptions: [{ ...subscription(), retired: false, parts, formerly }] });
}

/** Registries with the admin account on, in one subscription without Defender. */
function started(change: Partial<EstateFile> = {}, options: Parameters<typeof simulated>[1] = {}) {
  const registries = NAMES.map((name) => wireRegistry(name, { adminUserEnabled: true }));
  const defender = {
    id: `/subscriptions/${SUB}/providers/Microsoft.Security/pricings/Containers`,
    name: 'Containers',
    type: 'Microsoft.Security/pricings',
    properties: { pricingTier: 'Free' },
  };
  const both = simulated(estateOf([...registries, defender], change), options);
  const context = contextOf(both, { store: memoryStore() });
  return {
    ...both,
    context,
    async sweep(due: Plan, shard: ShardName, other: Partial<SweepContext> = {}): Promise<ShardResult | undefined> {
      if (Date.parse(due.sweptAt) > both.simulator.now().getTime()) both.simulator.advanceTo(due.sweptAt);
      return runSweep({ ...context, ...other }, due, shard);
    },
  };
}

function found(result: ShardResult | undefined): string[] {
  return (result?.findings ?? [])
    .map(({ checkId, registryName, subject, status }) => `${checkId} ${registryName || subject} ${status}`)
    .sort();
}

function admins(shard: ShardName, status: string): string[] {
  return namesIn(shard).map((name) => `admin-account-enabled ${name} ${status}`);
}

test('a part reads, judges and writes its own registries, and the first what is of none', async () => {
  const { sweep, simulator } = started();
  const due = hour(0, 2);
  const one = await sweep(due, ONE);
  const asked = simulator.requests.filter(({ path }) => path.includes('/pricings')).length;
  const two = await sweep(due, TWO);
  const registries = [one, two].map((result) => result?.registries.map(({ name }) => name));
  expect(registries).toEqual([namesIn(ONE), namesIn(TWO)]);
  expect(found(one)).toEqual([...admins(ONE, 'new'), 'defender-plan-disabled  new']);
  expect(found(two)).toEqual(admins(TWO, 'new'));
  expect([one, two].map((result) => result?.report.registriesSeen)).toEqual([namesIn(ONE).length, namesIn(TWO).length]);
  expect([asked, simulator.requests.filter(({ path }) => path.includes('/pricings')).length]).toEqual([1, 1]);
  const rows = simulator.workspace.tables.AcrWardenSweeps_CL?.map(({ Shard, SubscriptionId }) => [
    Shard,
    SubscriptionId,
  ]);
  expect(rows).toEqual([
    [ONE, SUB],
    [TWO, SUB],
  ]);
});

test('the shards of a plan are its parts', () => {
  expect(shardsOf(hour(0, 2))).toEqual(['tenant', ONE, TWO]);
});

describe('what the plan has listed for all parts', () => {
  const LIST = '/providers/Microsoft.ContainerRegistry/registries';

  /** A planned sweep in two parts, and how often the registries were listed. */
  async function planned(...args: Parameters<typeof started>) {
    const { sweep, simulator, azure, context } = started(...args);
    const request = { policy: POLICY, sweptAt: hour(0, 2).sweptAt, mostRegistries: 3 };
    const plan = await planSweep(azure, context.store, request);
    const lists = (): number => simulator.requests.filter(({ path }) => path.endsWith(LIST)).length;
    return { store: context.store, plan, lists, sweep: (shard: ShardName) => sweep(plan, shard) };
  }

  test('no part lists again', async () => {
    const { plan, sweep, lists } = await planned();
    expect(shardsOf(plan)).toEqual(['tenant', ONE, TWO]);
    expect(lists()).toBe(1);
    expect([found(await sweep(ONE)), found(await sweep(TWO))]).toEqual([
      [...admins(ONE, 'new'), 'defender-plan-disabled  new'],
      admins(TWO, 'new'),
    ]);
    expect(lists()).toBe(1);
  });

  test('one that could not be understood is told by the part that it is in', async () => {
    const strange = namesIn(TWO)[0] ?? '';
    const registries = NAMES.map((name) => wireRegistry(name, name === strange ? { publicNetworkAccess: 'Odd' } : {}));
    const { sweep, lists } = await planned(estateOf(registries));
    const told = [await sweep(ONE), await sweep(TWO)].map((result) => result?.report.gaps.map(({ scope }) => scope));
    expect(told).toEqual([[], [registryId(strange)]]);
    expect(lists()).toBe(1);
  });

  test.each([
    ['is missing', (store: Store) => store.remove(`sweeps/20261124T060000Z/listed/${TWO}.json`)],
    ['is damaged', (store: Store) => store.write(`sweeps/20261124T060000Z/listed/${TWO}.json`, '{"version":1,"reg')],
    [
      'is of another version',
      (store: Store) => store.write(`sweeps/20261124T060000Z/listed/${TWO}.json`, '{"version":2}'),
    ],
  ])('a part lists for itself where that %s', async (_what, spoil) => {
    const { store, sweep, lists } = await planned();
    await spoil(store);
    expect(found(await sweep(TWO))).toEqual(admins(TWO, 'new'));
    expect(lists()).toBe(2);
  });

  test('a list that broke is not used, and the parts tell of it', async () => {
    const match = { path: /ContainerRegistry\/registries\b(?!\/)/, nth: 1, times: 1 };
    const faults = [{ match, effect: { kind: 'status' as const, status: 403 } }];
    const { store, sweep, lists } = await planned({}, { faults });
    expect(await store.list('sweeps/')).toEqual(['sweeps/20261124T060000Z/plan.json']);
    expect(found(await sweep(TWO))).toEqual(admins(TWO, 'new'));
    expect(lists()).toBe(2);
  });
});

describe('what cannot be read', () => {
  test('of the whole subscription is told by the first part', async () => {
    const denied = [{ action: 'Microsoft.ContainerRegistry/registries/read' }];
    const { sweep } = started({ timeline: [{ at: '2026-11-24T06:30:00Z', denied }] });
    const results: string[][] = [];
    for (const n of [0, 1]) for (const shard of [ONE, TWO]) results.push(found(await sweep(hour(n, 2), shard)));
    expect(results.slice(2)).toEqual([
      [...admins(ONE, 'unverified'), 'defender-plan-disabled  unverified', 'unreadable-scope registries new'],
      admins(TWO, 'unverified'),
    ]);
  });

  test('is told by the first part also where only the second has something to ask: who made a token', async () => {
    const denied = [{ action: 'Microsoft.Insights/eventtypes/values/read' }];
    const till = wireToken(namesIn(TWO)[0] ?? '', 'till', []);
    const { sweep } = started({
      timeline: [
        { at: '2026-11-24T06:30:00Z', denied },
        { at: '2026-11-24T06:40:00Z', by: 'ana@contoso.com', merge: till },
      ],
    });
    const told: string[][] = [];
    for (const n of [0, 1, 2]) for (const shard of [ONE, TWO]) told.push(found(await sweep(hour(n, 2), shard)));
    expect(told.map((all) => all.filter((one) => one.includes('activityLog')))).toEqual([
      [],
      [],
      ['unreadable-scope activityLog new'],
      [],
      ['unreadable-scope activityLog ongoing'],
      [],
    ]);
  });
});

describe('when the cut changes', () => {
  test('each part goes on with what is its own', async () => {
    const { sweep } = started({
      timeline: [{ at: '2026-11-24T06:30:00Z', remove: registryId(namesIn(TWO)[0] ?? '') }],
    });
    await sweep(hour(0, 1), SUB);
    const parts = [await sweep(hour(1, 2, [SUB]), ONE), await sweep(hour(1, 2, [SUB]), TWO)];
    const [gone, ...others] = admins(TWO, 'ongoing');
    expect(parts.map(found)).toEqual([
      [...admins(ONE, 'ongoing'), 'defender-plan-disabled  ongoing'],
      [...others, gone?.replace('ongoing', 'resolved')].sort(),
    ]);
    expect(parts.map((result) => result?.report.registriesDeleted)).toEqual([0, 1]);
    const whole = await sweep(hour(2, 1, [ONE, TWO]), SUB);
    const left = [...admins(ONE, 'ongoing'), ...others, 'defender-plan-disabled  ongoing'];
    expect(found(whole)).toEqual(left.sort());
  });

  test('what could not be read ends under its old name, and is not fixed', async () => {
    const { context, sweep } = started();
    await sweep(hour(0, 1), SUB);
    const { state, etag } = await loadState(context.store, SUB);
    const zone = `/subscriptions/${SUB}/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/a`;
    const place = { checkId: 'unreadable-scope', resourceId: zone, registryId: '', subject: 'privateDnsRecords' };
    if (state) await saveState(context.store, { ...state, findings: [compared(place)] }, etag);
    const result = await sweep(hour(1, 2, [SUB]), ONE);
    const told = result?.findings.filter(({ subject }) => subject === 'privateDnsRecords');
    expect(told?.map(({ statusReason }) => statusReason)).toEqual(['out-of-scope']);
  });

  test('what changes seldom is not read again', async () => {
    const { sweep, simulator } = started();
    const policy = { ...POLICY, checks: {} };
    const seldom = () => simulator.requests.filter(({ path }) => /listUsages|diagnosticSettings/.test(path)).length;
    await sweep({ ...hour(0, 1), policy }, SUB);
    const first = seldom();
    simulator.requests.length = 0;
    for (const shard of [ONE, TWO]) await sweep({ ...hour(1, 2, [SUB]), policy }, shard);
    // Each has its own day; one or another begins within this hour.
    expect({ first, isFew: seldom() < NAMES.length }).toEqual({ first: 2 * NAMES.length, isFew: true });
  });

  test('what was read before a former cut was left is not believed against what was seen since', async () => {
    const name = namesIn(TWO)[0] ?? '';
    const replica = (provisioningState: string) => wireReplication('eastus', { provisioningState }, name);
    const { sweep } = started({
      resources: [wireRegistry(name), replica('Succeeded')],
      timeline: [{ at: '2026-11-24T06:30:00Z', merge: replica('Failed') }],
    });
    const policy = only('replication-unhealthy');
    const changes: Plan['changes'] = [
      {
        resourceId: replica('').id,
        changedAt: '2026-11-24T06:30:00Z',
        changedBy: 'unknown',
        changedByType: 'unknown',
        client: '',
        operation: '',
        correlationId: '',
        source: 'resource-graph',
        creation: false,
      },
    ];
    const results = [
      await sweep({ ...hour(0, 1), policy }, SUB),
      await sweep({ ...hour(1, 2, [SUB]), policy, changes }, TWO),
      // This time Resource Graph does not tell of the change.
      await sweep({ ...hour(2, 1, [TWO]), policy }, SUB),
    ];
    const unhealthy = (status: string) => [`replication-unhealthy ${name} ${status}`];
    expect(results.map(found)).toEqual([[], unhealthy('new'), unhealthy('ongoing')]);
  });

  test('what the last sweep of the former cut has not sent is sent when the next one is closed', async () => {
    const { sweep, simulator, context } = started();
    const broken = async (): Promise<never> => {
      throw new Error('killed');
    };
    await expect(sweep(hour(0, 1), SUB, { send: broken })).rejects.toThrow('killed');
    await sweep(hour(1, 2, [SUB]), TWO);
    await closeSweeps(context);
    const rows = simulator.workspace.tables.AcrWardenFindings_CL ?? [];
    const first = rows.filter(({ SweepId }) => SweepId === hour(0, 1).sweepId);
    expect(first.map(({ RegistryName }) => RegistryName).sort()).toEqual(['', ...NAMES]);
  });

  test('a late message of the former cut does nothing, before and after the parts were swept', async () => {
    const { sweep, context } = started();
    await sweep(hour(0, 1), SUB);
    const { text = '' } = (await context.store.read(`shards/${SUB}.json`)) ?? {};
    const over = JSON.stringify({ ...JSON.parse(text), over: { parts: 2, sweptAt: hour(2, 2).sweptAt } });
    await context.store.write(`shards/${SUB}.json`, over);
    const late = [await sweep(hour(1, 1), SUB)];
    for (const shard of [ONE, TWO]) await sweep(hour(2, 2, [SUB]), shard);
    late.push(await sweep(hour(1, 1), SUB));
    expect(late).toEqual([undefined, undefined]);
    expect((await context.store.read(`shards/${SUB}.json`))?.text).toBe(over);
  });

  test('a late message of a cut that was given up does nothing either', async () => {
    const { sweep, context } = started();
    await sweep(hour(0, 1), SUB);
    await sweep(hour(2, 1), SUB);
    expect(await sweep(hour(1, 2, [SUB]), ONE)).toBeUndefined();
    expect((await loadState(context.store, ONE)).state).toBeUndefined();
  });
});
