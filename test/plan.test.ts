import { describe, expect, test } from 'vitest';
import type { EstateFile } from '../simulator/index.ts';
import type { ComparedFinding } from '../src/model/finding.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Plan } from '../src/model/sweep.ts';
import { planSweep, shardsOf, sweepIdOf } from '../src/plan.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { rememberFirstSeen } from '../src/state/baselines.ts';
import { memoryStore } from '../src/state/memory.ts';
import { readPlan } from '../src/state/plans.ts';
import { saveState } from '../src/state/shardState.ts';
import { ABSENT, type Store } from '../src/state/store.ts';
import { compared, DAY, fromNow, NOW, OTHER_SUB, registry, report, SUB, TENANT } from './build.ts';
import { estateOf, simulated, wireRegistry, wireSubscription } from './wire.ts';

const UNKNOWN = 'ffffffff-0000-0000-0000-000000000009';
const TWO: Partial<EstateFile> = {
  subscriptions: [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB, displayName: 'Dev' })],
};

async function planned(
  estate: Partial<EstateFile> = {},
  {
    store = memoryStore(),
    scope = {},
    tenantId = TENANT,
    sweptAt = NOW,
  }: { store?: Store; scope?: Partial<Policy['scope']>; tenantId?: string; sweptAt?: string } = {},
  options: Parameters<typeof simulated>[1] = {},
): Promise<Plan> {
  const { azure } = simulated(estateOf([], estate), options);
  const policy = { ...DEFAULT_POLICY, scope: { ...DEFAULT_POLICY.scope, ...scope } };
  return planSweep(azure, store, { policy, sweptAt, tenantId });
}

describe('a part of what was swept', () => {
  const part = (store: Store, isPart: boolean) =>
    planSweep(simulated(estateOf([], TWO)).azure, store, {
      policy: { ...DEFAULT_POLICY, scope: { ...DEFAULT_POLICY.scope, subscriptions: [SUB] } },
      sweptAt: NOW,
      tenantId: TENANT,
      isPart,
    });

  test('the policy may leave a subscription; somebody who asks for others may not', async () => {
    const store = memoryStore();
    for (const shard of ['tenant', SUB, OTHER_SUB]) await swept(store, shard, shard === OTHER_SUB);
    expect(inShort(await part(store, false))).toEqual([`${SUB} Enabled`, `${OTHER_SUB} NotVisible retired`]);
    const before = await store.list('');
    await expect(part(store, true)).rejects.toThrow(
      `would leave out a subscription of which ${store.place} keeps findings (${OTHER_SUB})`,
    );
    expect(await store.list('')).toEqual(before);
  });

  test('where nothing else was swept it is asked for as often as one likes', async () => {
    const store = memoryStore();
    for (const shard of ['tenant', SUB]) await swept(store, shard, true);
    expect(inShort(await part(store, true))).toEqual([`${SUB} Enabled`]);
  });
});

function inShort({ subscriptions }: Plan): string[] {
  return subscriptions.map(
    ({ subscriptionId, state, retired }) => `${subscriptionId} ${state}${retired ? ' retired' : ''}`,
  );
}

/** Remembers a sweep of a shard that left something open, or nothing. */
async function swept(store: Store, shard: string, open: boolean, resolved: ComparedFinding[] = []): Promise<void> {
  const findings = open ? [compared()] : [];
  await saveState(
    store,
    {
      version: 1,
      shard,
      sweepId: '20261123T060000Z',
      sweptAt: NOW,
      findings,
      resolved,
      registries: [],
      report: report({ shard }),
    },
    ABSENT,
  );
}

test('every subscription of the tenant is a shard, and so is the tenant', async () => {
  const store = memoryStore();
  const plan = await planned(TWO, { store });
  expect(shardsOf(plan)).toEqual(['tenant', SUB, OTHER_SUB]);
  expect(plan).toMatchObject({ version: 1, sweepId: '20261124T060000Z', sweptAt: NOW, tenantId: TENANT, gaps: [] });
  expect(await readPlan(store, plan.sweepId)).toEqual(plan);
});

test('a plan that is made twice stays the first', async () => {
  const store = memoryStore();
  const first = await planned({}, { store });
  expect(await planned(TWO, { store })).toEqual(first);
});

test('it says of which subscriptions something was kept before', async () => {
  const store = memoryStore();
  expect((await planned({}, { store })).baselinesOf).toEqual([]);
  await rememberFirstSeen(store, SUB, { registries: [registry()], deleted: [], at: NOW });
  expect((await planned({}, { store, sweptAt: fromNow(DAY) })).baselinesOf).toEqual([SUB]);
});

test('ids sort as their sweeps do', () => {
  const ids = ['2026-11-24T06:00:00.000Z', '2026-11-24T10:00:00.000Z', '2027-01-01T00:00:00.000Z'].map(sweepIdOf);
  expect(ids).toEqual(['20261124T060000Z', '20261124T100000Z', '20270101T000000Z']);
  expect([...ids].sort()).toEqual(ids);
});

describe('which subscriptions', () => {
  const cases: [string, Partial<EstateFile>, Partial<Policy['scope']>, string[]][] = [
    [
      'those of other tenants are not ours',
      {
        subscriptions: [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB, tenantId: UNKNOWN })],
      },
      {},
      [`${SUB} Enabled`],
    ],
    ['disabled ones too', { subscriptions: [wireSubscription({ state: 'Disabled' })] }, {}, [`${SUB} Disabled`]],
    ['only those that the policy names', TWO, { subscriptions: [OTHER_SUB] }, [`${OTHER_SUB} Enabled`]],
    ['in any letter case, each once', TWO, { subscriptions: [SUB.toUpperCase(), SUB] }, [`${SUB} Enabled`]],
    ['one that is named and not seen is swept too', TWO, { subscriptions: [UNKNOWN] }, [`${UNKNOWN} NotVisible`]],
  ];
  test.each(cases)('%s', async (_what, estate, scope, expected) => {
    expect(inShort(await planned(estate, { scope }))).toEqual(expected);
  });

  test('one that was swept and is not seen any more does not fall silent', async () => {
    const store = memoryStore();
    await swept(store, OTHER_SUB, true);
    await swept(store, 'tenant', true);
    expect(inShort(await planned({}, { store }))).toEqual([`${SUB} Enabled`, `${OTHER_SUB} NotVisible`]);
  });

  test('one that the policy has left is swept until nothing is open there', async () => {
    const [open, done] = [memoryStore(), memoryStore()];
    await swept(open, OTHER_SUB, true);
    await swept(done, OTHER_SUB, false);
    const scope = { subscriptions: [SUB] };
    expect(inShort(await planned(TWO, { store: open, scope }))).toEqual([
      `${SUB} Enabled`,
      `${OTHER_SUB} NotVisible retired`,
    ]);
    expect(inShort(await planned(TWO, { store: done, scope }))).toEqual([`${SUB} Enabled`]);
  });

  test.each(['shards', 'published'])('one whose state is damaged in %s is swept, and says so itself', async (place) => {
    const store = memoryStore();
    await swept(store, OTHER_SUB, false, [compared({ status: 'resolved' })]);
    await store.write(`${place}/${OTHER_SUB}.json`, '{"ver');
    expect(inShort(await planned(TWO, { store, scope: { subscriptions: [SUB] } }))).toEqual([
      `${SUB} Enabled`,
      `${OTHER_SUB} NotVisible retired`,
    ]);
  });
});

test('where no tenant is named it is that of most subscriptions, whichever comes first', async () => {
  const first = wireSubscription({ subscriptionId: UNKNOWN, tenantId: UNKNOWN });
  const { azure } = simulated(estateOf([], { subscriptions: [first, ...(TWO.subscriptions ?? [])] }));
  const plan = await planSweep(azure, memoryStore(), { policy: DEFAULT_POLICY, sweptAt: NOW });
  expect([plan.tenantId, ...inShort(plan)]).toEqual([TENANT, `${SUB} Enabled`, `${OTHER_SUB} Enabled`]);
});

describe("which subscriptions are the tenant's own", () => {
  const theirs = {
    subscriptions: [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB, tenantId: UNKNOWN })],
  };

  test.each<[string, Partial<EstateFile>, Partial<Policy['scope']>, string[], string[]]>([
    ['those that are seen, swept or not', TWO, { subscriptions: [SUB] }, [], [SUB, OTHER_SUB]],
    ['one that was swept and is not seen any more', {}, {}, [OTHER_SUB], [SUB, OTHER_SUB]],
    ['even if the policy has left it', {}, { subscriptions: [SUB] }, [OTHER_SUB], [SUB, OTHER_SUB]],
    ['one that the policy names and nobody sees', {}, { subscriptions: [SUB, UNKNOWN] }, [], [SUB, UNKNOWN]],
    ['not one that is seen in another tenant', theirs, { subscriptions: [SUB, OTHER_SUB] }, [OTHER_SUB], [SUB]],
  ])('%s', async (_what, estate, scope, before, expected) => {
    const store = memoryStore();
    for (const shard of before) await swept(store, shard, false);
    expect((await planned(estate, { store, scope })).tenantSubscriptions).toEqual(expected);
  });
});

describe('a subscription with many registries', () => {
  const many = estateOf(['a', 'b', 'c'].map((name) => wireRegistry(name)));

  async function parts(store: Store, mostRegistries: number, options: Parameters<typeof simulated>[1] = {}) {
    const { azure } = simulated(many, options);
    const request = { policy: DEFAULT_POLICY, sweptAt: NOW, tenantId: TENANT, mostRegistries };
    const { subscriptions, gaps } = await planSweep(azure, store, request);
    return { parts: subscriptions.map((one) => [one.parts, one.formerly]), gaps };
  }

  test('is cut into parts, and what was swept as a whole is to be taken over', async () => {
    expect(await parts(memoryStore(), 3)).toEqual({ parts: [[undefined, undefined]], gaps: [] });
    expect(await parts(memoryStore(), 2)).toEqual({ parts: [[2, undefined]], gaps: [] });
    const store = memoryStore();
    await swept(store, SUB, true);
    expect(await parts(store, 2)).toEqual({ parts: [[2, [SUB]]], gaps: [] });
  });

  test('stays as it is while nobody knows how many they are: that is no gap', async () => {
    const store = memoryStore();
    await swept(store, `${SUB}~1of2`, true);
    const match = { path: /Microsoft.ResourceGraph/, nth: 1, times: 1 };
    const faults = [{ match, effect: { kind: 'status' as const, status: 403 } }];
    expect(await parts(store, 500, { faults })).toEqual({ parts: [[2, undefined]], gaps: [] });
  });
});

describe('what could not be planned', () => {
  test('an identity that sees nothing: an empty tenant or no right, and nobody can tell', async () => {
    const plan = await planned({ subscriptions: [] });
    expect(plan.subscriptions).toEqual([]);
    expect(plan.gaps).toEqual([
      {
        source: 'subscriptions',
        scope: '/',
        code: 'NothingVisible',
        reason: 'no subscription is visible to this identity: the tenant has none, or no right was granted yet',
        permission: 'Microsoft.Resources/subscriptions/read',
      },
    ]);
  });

  test.each<[string, Partial<Policy['scope']>, string[]]>([
    ['is named', {}, []],
    ['is named, whatever is swept', { subscriptions: [SUB] }, [`${SUB} NotVisible`]],
  ])('an identity that sees only what is of another tenant: which one %s', async (_what, scope, expected) => {
    const plan = await planned({}, { tenantId: UNKNOWN, scope });
    expect(inShort(plan)).toEqual(expected);
    expect(plan.gaps).toEqual([
      {
        source: 'subscriptions',
        scope: '/',
        code: 'OtherTenant',
        reason: `no subscription of tenant ${UNKNOWN} is visible to this identity, only those of ${TENANT}: AZURE_TENANT_ID names another tenant than is meant, or no right was granted in that one yet`,
        permission: 'Microsoft.Resources/subscriptions/read',
      },
    ]);
  });

  test('a list that breaks: what came before counts, and what was swept before is swept', async () => {
    const store = memoryStore();
    await swept(store, OTHER_SUB, true);
    const faults = [
      { match: { path: /^\/subscriptions\?/, nth: 2 }, effect: { kind: 'status' as const, status: 500 } },
    ];
    const plan = await planned(TWO, { store }, { pageSize: 1, faults });
    expect(inShort(plan)).toEqual([`${SUB} Enabled`, `${OTHER_SUB} NotVisible`]);
    expect(plan.gaps.map(({ source, scope }) => ({ source, scope }))).toEqual([
      { source: 'subscriptions', scope: '/' },
    ]);
  });

  test('no token: it fails', async () => {
    const credential = {
      getToken: async () => {
        throw Object.assign(new Error('no login'), { name: 'CredentialUnavailableError' });
      },
    };
    await expect(planned({}, {}, { connection: { credential } })).rejects.toThrow('cannot sign in to Azure: no login');
  });
});
