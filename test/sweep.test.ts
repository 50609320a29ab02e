import { describe, expect, test } from 'vitest';
import type { EstateFile } from '../simulator/index.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Plan } from '../src/model/sweep.ts';
import { memoryStore } from '../src/state/memory.ts';
import { CorruptStateError, type Store } from '../src/state/store.ts';
import { runSweep, type SweepContext } from '../src/sweep.ts';
import { only, plan, registryId, SUB } from './build.ts';
import { contextOf, estateOf, type Simulated, simulated, wireRegistry, wireToken } from './wire.ts';

const SHOP = registryId('shop');
const POLICY = only('admin-account-enabled', 'token-password-never-expires', 'unreadable-scope');
const ENDLESS = { name: 'password1', expiry: null };
const HOUR_MS = 3_600_000;

/** A plan of the n-th hour. */
function hour(n: number, change: Partial<Plan> = {}): Plan {
  const sweptAt = new Date(Date.parse('2026-11-24T06:00:00Z') + n * HOUR_MS).toISOString();
  return plan({ policy: POLICY, sweptAt, ...change });
}

type Tables = Simulated['simulator']['workspace']['tables'];

function findings({ AcrWardenFindings_CL: rows = [] }: Tables, sweepId?: string): unknown[] {
  return rows
    .filter((row) => sweepId === undefined || row.SweepId === sweepId)
    .map(({ CheckId, Status, StatusReason, RegistryName, Subject }) =>
      [CheckId, RegistryName, Subject, Status, StatusReason].filter(Boolean).join(' '),
    );
}

function shards({ AcrWardenSweeps_CL: rows = [] }: Tables): unknown[] {
  return rows.map(({ RowKind, Shard, Outcome }) => `${RowKind} ${Shard === SUB ? 'subscription' : Shard} ${Outcome}`);
}

/** Sweeps of the one subscription, one an hour, of an estate that changes by its timeline. */
function started(
  estate: EstateFile,
  change: Partial<SweepContext> = {},
  options: Parameters<typeof simulated>[1] = {},
) {
  const both = simulated(estate, options);
  const context = contextOf(both, change);
  return {
    ...both,
    context,
    tables: both.simulator.workspace.tables,
    async sweep(n: number, planned: Partial<Plan> = {}) {
      const due = hour(n, planned);
      if (Date.parse(due.sweptAt) > both.simulator.now().getTime()) both.simulator.advanceTo(due.sweptAt);
      return runSweep(context, due, SUB);
    },
  };
}

const AT_SEVEN = '2026-11-24T06:30:00Z';
const ADMIN_ON = wireRegistry('shop', { adminUserEnabled: true });

describe('from one sweep to the next', () => {
  const steps: [string, NonNullable<EstateFile['timeline']>[number] | undefined, string[]][] = [
    ['nothing happens: ongoing', undefined, ['admin-account-enabled shop ongoing']],
    [
      'it is mended: resolved',
      { at: AT_SEVEN, merge: { id: SHOP, properties: { adminUserEnabled: false } } },
      ['admin-account-enabled shop resolved fixed'],
    ],
    [
      'the registry is deleted: a GET proves it',
      { at: AT_SEVEN, remove: SHOP },
      ['admin-account-enabled shop resolved deleted'],
    ],
    [
      'registries may not be read any more: unverified, and a finding of its own',
      { at: AT_SEVEN, denied: [{ action: 'Microsoft.ContainerRegistry/registries/read' }] },
      ['unreadable-scope registries new', 'admin-account-enabled shop unverified'],
    ],
  ];
  test.each(steps)('%s', async (_what, step, expected) => {
    const { sweep, tables } = started(estateOf([ADMIN_ON], step ? { timeline: [step] } : {}));
    await sweep(0);
    expect(findings(tables)).toEqual(['admin-account-enabled shop new']);
    const second = await sweep(1);
    expect(findings(tables, '20261124T070000Z')).toEqual(expected);
    expect(second?.report.outcome).toBe(expected.length > 1 ? 'partial' : 'complete');
  });

  test('what is resolved is written once', async () => {
    const timeline = [{ at: AT_SEVEN, merge: { id: SHOP, properties: { adminUserEnabled: false } } }];
    const { sweep, tables } = started(estateOf([ADMIN_ON], { timeline }));
    for (const n of [0, 1, 2]) await sweep(n);
    expect(findings(tables)).toEqual(['admin-account-enabled shop new', 'admin-account-enabled shop resolved fixed']);
  });

  test('unverified stays what it was, and is not new when it is seen again', async () => {
    const denied = [{ action: 'Microsoft.ContainerRegistry/registries/tokens/read', scope: SHOP }];
    const timeline = [
      { at: '2026-11-24T06:30:00Z', denied },
      { at: '2026-11-24T08:30:00Z', denied: [] },
    ];
    const { sweep, tables } = started(
      estateOf([wireRegistry('shop'), wireToken('shop', 'ci', [ENDLESS])], { timeline }),
    );
    for (const n of [0, 1, 2, 3]) await sweep(n);
    expect(findings(tables)).toEqual([
      'token-password-never-expires shop ci/password1 new',
      'unreadable-scope shop tokens new',
      'token-password-never-expires shop ci/password1 unverified',
      'unreadable-scope shop tokens ongoing',
      'token-password-never-expires shop ci/password1 unverified',
      'token-password-never-expires shop ci/password1 ongoing',
      'unreadable-scope shop tokens resolved fixed',
    ]);
  });

  test('a registry that goes while nobody can look is deleted when somebody can again', async () => {
    const timeline = [
      { at: '2026-11-24T06:30:00Z', denied: [{ action: 'Microsoft.ContainerRegistry/registries/read' }] },
      { at: '2026-11-24T07:30:00Z', remove: SHOP },
      { at: '2026-11-24T07:40:00Z', denied: [] },
    ];
    const { sweep, tables } = started(estateOf([ADMIN_ON], { timeline }));
    for (const n of [0, 1, 2]) await sweep(n);
    expect(findings(tables, '20261124T080000Z').sort().reverse()).toEqual([
      'unreadable-scope registries resolved fixed',
      'admin-account-enabled shop resolved deleted',
    ]);
  });

  test('a registry that cannot be understood hides no other that went away', async () => {
    const broken = wireRegistry('odd', { publicNetworkAccess: 'SecuredByPerimeter' });
    const { sweep, tables } = started(estateOf([ADMIN_ON, broken], { timeline: [{ at: AT_SEVEN, remove: SHOP }] }));
    await sweep(0);
    const second = await sweep(1);
    expect(findings(tables, '20261124T070000Z')).toEqual([
      'unreadable-scope registries ongoing',
      'admin-account-enabled shop resolved deleted',
    ]);
    expect(second?.report.registriesDeleted).toBe(1);
  });

  const policies: [string, Policy, Partial<Plan>][] = [
    ['its check is off', only('unreadable-scope'), {}],
    ['its registry is excluded', { ...POLICY, scope: { excludeTags: { 'acr-warden': 'ignore' } } }, {}],
    ['its subscription is', POLICY, { subscriptions: hour(1).subscriptions.map((one) => ({ ...one, retired: true })) }],
  ];
  test.each(policies)('%s wanted no longer: out of scope', async (_what, policy, change) => {
    const tagged = { ...ADMIN_ON, tags: { 'acr-warden': 'ignore' } };
    const { sweep, tables } = started(estateOf([tagged]));
    await sweep(0);
    await sweep(1, { policy, ...change });
    expect(findings(tables, '20261124T070000Z')).toEqual(['admin-account-enabled shop resolved out-of-scope']);
  });
});

describe('one sweep, however often it is asked for', () => {
  test('a message that comes twice adds nothing', async () => {
    const { sweep, tables } = started(estateOf([ADMIN_ON]));
    const first = await sweep(0);
    const rows = structuredClone(tables);
    const second = await sweep(0);
    expect(tables).toEqual(rows);
    expect(second?.report).toEqual(first?.report);
  });

  test('the same plan makes the same rows', async () => {
    const estate = estateOf([ADMIN_ON, wireToken('shop', 'ci', [ENDLESS])]);
    const [one, other] = [started(estate), started(estate)];
    await one.sweep(0);
    await other.sweep(0);
    expect(other.tables).toEqual(one.tables);
    expect(one.simulator.defects).toEqual([]);
  });

  test('an older sweep that comes late is left alone', async () => {
    const { sweep, tables } = started(estateOf([ADMIN_ON]));
    await sweep(1);
    expect(await sweep(0)).toBeUndefined();
    expect(findings(tables)).toEqual(['admin-account-enabled shop new']);
  });

  test('two workers on one shard: the ETag decides, and both come to one state', async () => {
    const { sweep, context, tables } = started(estateOf([ADMIN_ON]));
    const [one, other] = await Promise.all([sweep(0), sweep(0)]);
    expect(other?.report.sweepId).toBe(one?.report.sweepId);
    expect(new Set(findings(tables))).toEqual(new Set(['admin-account-enabled shop new']));
    expect(new Set(shards(tables))).toEqual(new Set(['shard subscription complete']));
    const { text = '' } = (await context.store.read(`shards/${SUB}.json`)) ?? {};
    expect(JSON.parse(text).findings.length).toBe(1);
  });
});

/** A store in which one write fails once. */
function failingOnce(pattern: RegExp): Store {
  const store = memoryStore();
  let failed = false;
  return {
    ...store,
    async write(name, text, expected) {
      if (!failed && pattern.test(name)) {
        failed = true;
        throw new Error(`cannot write ${name}`);
      }
      return store.write(name, text, expected);
    },
  };
}

describe('a sweep that is cut short and comes again', () => {
  test('between publish and the note of it: the same rows once more, and a row that says so', async () => {
    const { sweep, tables } = started(estateOf([ADMIN_ON]), { store: failingOnce(/^published\//) });
    await expect(sweep(0)).rejects.toThrow(`cannot write published/${SUB}.json`);
    await sweep(0);
    const [first, second, ...more] = tables.AcrWardenFindings_CL ?? [];
    expect(more).toEqual([]);
    expect(second).toEqual(first);
    expect(shards(tables)).toEqual(['shard subscription failed', 'shard subscription complete']);
  });

  test('between save and telling: told once', async () => {
    const { sweep, tables } = started(estateOf([ADMIN_ON]), { store: failingOnce(/reports/) });
    await expect(sweep(0)).rejects.toThrow('cannot write');
    await sweep(0);
    expect(findings(tables)).toEqual(['admin-account-enabled shop new']);
    expect(shards(tables).filter((row) => row === 'shard subscription complete').length).toBeGreaterThan(0);
  });
});

describe('a sweep that fails', () => {
  test('leaves a row with the reason, and throws', async () => {
    const { sweep, tables, context } = started(estateOf([ADMIN_ON]));
    const damaged = '{"version":1,"find';
    await context.store.write(`shards/${SUB}.json`, damaged);
    await expect(sweep(0)).rejects.toThrow(CorruptStateError);
    const [row, ...more] = tables.AcrWardenSweeps_CL ?? [];
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      RowKind: 'shard',
      Shard: SUB,
      Outcome: 'failed',
      SweepId: '20261124T060000Z',
      GapCount: 1,
      Gaps: [
        {
          source: 'shard',
          scope: SUB,
          code: 'CorruptStateError',
          reason: `shards/${SUB}.json in memory is damaged; nothing was overwritten. Move it away to begin anew, or run the matching version`,
        },
      ],
    });
    expect((await context.store.read(`shards/${SUB}.json`))?.text).toBe(damaged);
    expect(tables.AcrWardenFindings_CL).toBeUndefined();
  });

  test('says why it failed even where no row can be left', async () => {
    const nowhere: Store = {
      ...memoryStore(),
      read: async () => {
        throw new Error('cannot read from the disk');
      },
      write: async () => {
        throw new Error('the disk is full');
      },
    };
    const down = { match: { service: 'ingestion' }, effect: { kind: 'status' as const, status: 403 } };
    const { sweep } = started(estateOf([ADMIN_ON]), { store: nowhere }, { faults: [down] });
    await expect(sweep(0)).rejects.toThrow('cannot read from the disk');
  });

  test('a shard that the plan does not know', async () => {
    const { sweep } = started(estateOf([ADMIN_ON]));
    await expect(sweep(0, { subscriptions: [] })).rejects.toThrow(
      `subscription ${SUB} is not in the plan of sweep 20261124T060000Z`,
    );
  });

  test('without a token: fails, and its row waits in the spool', async () => {
    const credential = {
      getToken: async () => {
        throw Object.assign(new Error('no login'), { name: 'CredentialUnavailableError' });
      },
    };
    const { sweep, context } = started(estateOf([ADMIN_ON]), {}, { connection: { credential } });
    await expect(sweep(0)).rejects.toThrow('cannot sign in to Azure: no login');
    expect(await context.store.list('spool/')).toEqual([`spool/20261124T060000Z/${SUB}~failed/00000.json`]);
  });
});

/** Whoever asks for shop or its tokens hears that they are not there. */
const GONE = [/shop\/tokens\?/, /registries\/shop\?/].map((path) => ({
  match: { path },
  effect: { kind: 'status' as const, status: 404, code: 'ResourceNotFound' },
}));

describe('what is counted', () => {
  test('registries seen, read and deleted; requests; gaps', async () => {
    const denied = [{ action: 'Microsoft.ContainerRegistry/registries/tokens/read', scope: registryId('pay') }];
    const estate = estateOf([ADMIN_ON, wireRegistry('pay'), wireRegistry('old')], {
      denied,
      timeline: [{ at: AT_SEVEN, remove: registryId('old') }],
    });
    const { sweep, simulator, tables } = started(estate);
    await sweep(0);
    simulator.requests.length = 0;
    await sweep(1);
    const requests = simulator.requests.filter(({ service }) => service !== 'ingestion').length;
    expect(tables.AcrWardenSweeps_CL?.[1]).toMatchObject({
      Outcome: 'partial',
      RegistriesSeen: 2,
      RegistriesRead: 1,
      RegistriesDeleted: 1,
      Findings: 2,
      FindingsBySeverity: { critical: 0, high: 2, medium: 0, low: 0, info: 0 },
      GapCount: 1,
      Throttled: 0,
      // 2 findings that are new no more; the registries are as they were, and the sweep's own row is not yet written.
      RowsPublished: 2,
      RowsUndelivered: 0,
      RowsDropped: 0,
    });
    // Those that send rows are counted too, up to the moment of counting.
    expect(Number(tables.AcrWardenSweeps_CL?.[1]?.Requests)).toBeGreaterThanOrEqual(requests);
  });

  test('a registry deleted between the list and the read counts as deleted, not as seen', async () => {
    const unlisted = { kind: 'set' as const, field: 'value', value: [] };
    const faults = [...GONE, { match: { path: /\/registries\?/, nth: 2 }, effect: unlisted }];
    const { sweep, tables } = started(estateOf([ADMIN_ON]), {}, { faults });
    await sweep(0);
    expect(findings(tables)).toEqual([]);
    expect(tables.AcrWardenSweeps_CL?.[0]).toMatchObject({
      Outcome: 'complete',
      RegistriesSeen: 0,
      RegistriesRead: 0,
      RegistriesDeleted: 1,
    });
  });

  test('a registry that is listed and answers 404 is neither: nobody knows', async () => {
    const { sweep, tables, simulator } = started(estateOf([ADMIN_ON]));
    await sweep(0);
    simulator.faults.add(...GONE);
    await sweep(1);
    expect(findings(tables, '20261124T070000Z')).toEqual([
      'unreadable-scope registries new',
      'admin-account-enabled shop unverified',
    ]);
    expect(tables.AcrWardenSweeps_CL?.[1]).toMatchObject({ RegistriesDeleted: 0, Gaps: [{ code: 'Contradiction' }] });
  });

  test('what Azure throttles for an hour is a gap, and the sweep goes on', async () => {
    const throttled = { kind: 'status' as const, status: 429, retryAfter: '3600' };
    const { sweep, tables } = started(
      estateOf([ADMIN_ON]),
      {},
      { faults: [{ match: { path: /\/tokens\?/ }, effect: throttled }] },
    );
    await sweep(0);
    expect(findings(tables)).toEqual(['admin-account-enabled shop new', 'unreadable-scope shop tokens new']);
    expect(tables.AcrWardenSweeps_CL?.[0]).toMatchObject({ Outcome: 'partial', Throttled: 1, GapCount: 1 });
  });
});

describe('rows that Log Analytics does not take', () => {
  test('wait in the spool, and the state is saved all the same', async () => {
    const down = { match: { service: 'ingestion' }, effect: { kind: 'status' as const, status: 500 } };
    const { sweep, simulator, context, tables } = started(estateOf([ADMIN_ON]), {}, { faults: [down] });
    const first = await sweep(0);
    expect(first?.report).toMatchObject({ rowsPublished: 0, rowsUndelivered: 3, outcome: 'complete' });
    expect(await context.store.list('spool/')).toEqual([
      `spool/20261124T060000Z/${SUB}/00000.json`,
      `spool/20261124T060000Z/${SUB}/00001.json`,
      `spool/20261124T060000Z/${SUB}~report/00000.json`,
    ]);
    expect(await context.store.list('shards/')).toEqual([`shards/${SUB}.json`]);
    simulator.faults.clear();
    await sweep(1);
    expect(findings(tables)).toEqual(['admin-account-enabled shop ongoing']);
  });
});

test('a disabled subscription is read like any other', async () => {
  const disabled = { subscriptions: hour(0).subscriptions.map((one) => ({ ...one, state: 'Disabled' })) };
  const { sweep, tables } = started(estateOf([ADMIN_ON]));
  await sweep(0, disabled);
  expect(findings(tables)).toEqual(['admin-account-enabled shop new']);
});

test('an unknown subscription is a gap with the permission that would show it', async () => {
  const unknown = 'ffffffff-0000-0000-0000-000000000009';
  const { context, tables } = started(estateOf([ADMIN_ON]));
  const [one] = hour(0).subscriptions;
  if (!one) throw new Error('the plan has no subscription');
  await runSweep(context, hour(0, { subscriptions: [{ ...one, subscriptionId: unknown }] }), unknown);
  expect(
    tables.AcrWardenFindings_CL?.map(({ CheckId, ResourceId, Evidence }) => ({ CheckId, ResourceId, Evidence })),
  ).toEqual([
    {
      CheckId: 'unreadable-scope',
      ResourceId: `/subscriptions/${unknown}`,
      Evidence: {
        source: 'registries',
        code: 'SubscriptionNotFound',
        permission: 'Microsoft.ContainerRegistry/registries/read',
      },
    },
  ]);
});
