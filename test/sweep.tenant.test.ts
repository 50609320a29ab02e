import { describe, expect, test } from 'vitest';
import type { Wire } from '../simulator/estate.ts';
import { type EstateFile, generateEstate } from '../simulator/index.ts';
import type { Plan } from '../src/model/sweep.ts';
import type { Send } from '../src/publish/ingestion.ts';
import type { Row } from '../src/publish/rows.ts';
import { memoryStore } from '../src/state/memory.ts';
import { runSweep } from '../src/sweep.ts';
import { gap, OTHER_SUB, only, plan, registryId, SUB, subscription, TENANT } from './build.ts';
import { contextOf, estateOf, simulated, wireRegistry, wireSubscription } from './wire.ts';

const POLICY = only('principal-secret-expiring', 'unreadable-scope');
const ACR_PULL = '/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d';
const PRINCIPAL = '33333333-0000-0000-0000-000000000001';
const APP = '44444444-0000-0000-0000-000000000001';
const TWO: Plan['subscriptions'] = [
  { ...subscription(), retired: false },
  { ...subscription({ subscriptionId: OTHER_SUB, displayName: 'Dev' }), retired: false },
];

function assignment(registry: string, name = 'ra1', properties: Wire = {}): Wire & { id: string } {
  return {
    id: `${registry}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      scope: registry,
      roleDefinitionId: ACR_PULL,
      principalId: PRINCIPAL,
      principalType: 'ServicePrincipal',
      ...properties,
    },
  };
}

/** A registry in each of two subscriptions, and one service principal that pulls from both, with a secret of ten days. */
function estate(change: Partial<EstateFile> = {}): EstateFile {
  const secret = {
    keyId: '55555555-0000-0000-0000-000000000001',
    displayName: 'gh',
    hint: 'PLA',
    startDateTime: '2026-01-01T00:00:00Z',
    endDateTime: '2026-12-04T06:00:00Z',
  };
  const own = { appId: APP, displayName: 'ci-pull' };
  return estateOf(
    [
      wireRegistry('shop'),
      wireRegistry('lab', {}, { subscriptionId: OTHER_SUB }),
      assignment(registryId('shop')),
      assignment(registryId('lab', OTHER_SUB)),
    ],
    {
      subscriptions: [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB, displayName: 'Dev' })],
      graph: {
        servicePrincipals: [
          {
            id: PRINCIPAL,
            ...own,
            servicePrincipalType: 'Application',
            accountEnabled: true,
            passwordCredentials: [],
            keyCredentials: [],
          },
        ],
        applications: [
          { id: '66666666-0000-0000-0000-000000000001', ...own, passwordCredentials: [secret], keyCredentials: [] },
        ],
      },
      ...change,
    },
  );
}

/** Sweeps the tenant at 6 and, if asked, at 7; the findings of the last one in short. */
async function swept(file: EstateFile, hours: number, change: Partial<Plan> = {}) {
  const both = simulated(file);
  const context = contextOf(both);
  const { tables } = both.simulator.workspace;
  for (let n = 0; n < hours; n++) {
    const sweptAt = `2026-11-24T0${6 + n}:00:00.000Z`;
    both.simulator.advanceTo(sweptAt);
    await runSweep(context, plan({ policy: POLICY, sweptAt, subscriptions: TWO, ...change }), 'tenant');
  }
  const last = `20261124T0${5 + hours}0000Z`;
  const rows = (tables.AcrWardenFindings_CL ?? []).filter(({ SweepId }) => SweepId === last);
  return {
    tables,
    findings: rows.map(({ CheckId, Subject, Status, StatusReason, Severity }) =>
      [CheckId, Subject, Severity, Status, StatusReason].filter(Boolean).join(' '),
    ),
    registries: rows.map(({ Evidence }) => JSON.parse(JSON.stringify(Evidence)).registries),
  };
}

const SECRET = 'principal-secret-expiring secret/55555555-0000-0000-0000-000000000001 high';
const AT = '2026-11-24T06:30:00Z';

test('a principal is judged once, with all the registries that its secret opens', async () => {
  const { findings, registries, tables } = await swept(estate(), 1);
  expect(findings).toEqual([`${SECRET} new`]);
  expect(registries).toEqual([[registryId('shop'), registryId('lab', OTHER_SUB)]]);
  // The rows of the registries are those of their subscriptions' shards.
  expect(tables.AcrWardenRegistries_CL).toBeUndefined();
  expect(tables.AcrWardenSweeps_CL).toMatchObject([
    { Shard: 'tenant', SubscriptionId: '', RegistriesSeen: 2, Outcome: 'complete' },
  ]);
});

describe('half blind', () => {
  test('roles of one subscription unread: the finding stands as it was', async () => {
    const denied = [{ action: 'Microsoft.Authorization/roleAssignments/read', scope: `/subscriptions/${OTHER_SUB}` }];
    const { findings, registries } = await swept(estate({ timeline: [{ at: AT, denied }] }), 2);
    expect(findings).toEqual([`${SECRET} unverified`, 'unreadable-scope roleAssignments high new']);
    expect(registries[0]).toEqual([registryId('shop'), registryId('lab', OTHER_SUB)]);
  });

  test('the directory unread: unverified', async () => {
    const denied = [{ action: 'graph:Application.Read.All' }];
    const { findings } = await swept(estate({ timeline: [{ at: AT, denied }] }), 2);
    expect(findings).toContain(`${SECRET} unverified`);
    expect(findings.filter((one) => one.includes('resolved'))).toEqual([]);
  });

  test('registries unread: unverified, and the subscription’s own shard tells why', async () => {
    const denied = [{ action: 'Microsoft.ContainerRegistry/registries/read', scope: `/subscriptions/${OTHER_SUB}` }];
    const { findings, tables } = await swept(estate({ timeline: [{ at: AT, denied }] }), 2);
    expect(findings).toEqual([`${SECRET} unverified`]);
    expect(tables.AcrWardenSweeps_CL?.at(-1)).toMatchObject({ Outcome: 'partial', GapCount: 1 });
  });

  test('what could not be planned is told by the tenant', async () => {
    const gaps = [gap({ source: 'subscriptions', scope: '/' })];
    const { findings } = await swept(estate(), 1, { gaps });
    expect(findings).toEqual([`${SECRET} new`, 'unreadable-scope subscriptions high new']);
  });
});

test.each<[string, string, Partial<EstateFile>, string, string]>([
  ['a person', 'c0000000-0000-0000-0000-00000000000A', {}, 'ana@contoso.com', 'User'],
  ['a service principal', PRINCIPAL, {}, 'ci-pull', 'Application'],
  ['nobody that the directory shows', 'c0000000-0000-0000-0000-00000000000f', {}, '', 'unknown'],
  [
    'somebody, where the directory cannot be read',
    PRINCIPAL,
    { denied: [{ action: 'graph:Application.Read.All' }] },
    '',
    'unknown',
  ],
])('a role was given by %s', async (_who, createdBy, change, name, type) => {
  const merge = assignment(registryId('shop'), 'ra2', { createdOn: AT, createdBy });
  const users = [{ id: 'c0000000-0000-0000-0000-00000000000a', displayName: 'Ana', mail: 'ana@contoso.com' }];
  const file = estate({ ...change, timeline: [{ at: AT, merge }] });
  const { tables } = await swept({ ...file, graph: { ...file.graph, users } }, 3);
  expect(tables.AcrWardenChanges_CL).toMatchObject([
    { Property: 'roleAssignments/ra2', ChangedBy: name || createdBy, ChangedByType: type },
  ]);
});

test('a secret that somebody removed is fixed', async () => {
  const timeline = [
    {
      at: AT,
      graph: {
        applications: [
          {
            id: '66666666-0000-0000-0000-000000000001',
            appId: APP,
            displayName: 'ci-pull',
            passwordCredentials: [],
            keyCredentials: [],
          },
        ],
      },
    },
  ];
  const { findings } = await swept(estate({ timeline }), 2);
  expect(findings).toEqual([`${SECRET} resolved fixed`]);
});

test('a tenant without subscriptions is swept, and says that nothing is visible', async () => {
  const nothing = gap({ source: 'subscriptions', scope: '/', code: 'NothingVisible' });
  const { findings, tables } = await swept(estateOf([], { subscriptions: [] }), 1, {
    subscriptions: [],
    gaps: [nothing],
  });
  expect(findings).toEqual(['unreadable-scope subscriptions high new']);
  expect(tables.AcrWardenFindings_CL?.[0]).toMatchObject({ AadTenantId: TENANT, SubscriptionId: '', ResourceId: '/' });
  expect(tables.AcrWardenSweeps_CL).toMatchObject([{ Shard: 'tenant', RegistriesSeen: 0, Outcome: 'partial' }]);
});

test('the shard of a subscription that the policy has left reads nothing', async () => {
  const both = simulated(estate());
  const retired = TWO.map((one) => ({ ...one, retired: true }));
  await runSweep(contextOf(both), plan({ policy: POLICY, subscriptions: retired }), SUB);
  expect(both.simulator.requests.filter(({ service }) => service !== 'ingestion')).toEqual([]);
});

describe('a tenant of more principals than are looked at together', () => {
  /** 700 registries with a few principals each, in three subscriptions. */
  function large() {
    const file = generateEstate({ registries: 700, subscriptions: 3 });
    const both = simulated(file);
    const wanted = (file.subscriptions ?? []).map(({ subscriptionId }) => subscription({ subscriptionId }));
    const planned = wanted.map((one) => ({ ...one, retired: false }));
    const planAt = (sweptAt: string) => plan({ sweptAt, tenantId: file.tenantId, subscriptions: planned });
    return { ...both, planAt };
  }

  const keys = (rows: Row[] = [], key: string): string[] => rows.map((row) => String(row[key])).sort();

  test('each finding is said once, and is known to the next sweep', async () => {
    const { simulator, azure, planAt } = large();
    const context = contextOf({ simulator, azure });
    const first = await runSweep(context, planAt(simulator.now().toISOString()), 'tenant');
    const ids = (first?.findings ?? []).map(({ findingId }) => findingId);
    expect(ids.length).toBeGreaterThan(300);
    expect(new Set(ids).size).toBe(ids.length);
    const { AcrWardenFindings_CL: rows, AcrWardenCredentials_CL: credentials } = simulator.workspace.tables;
    expect(keys(rows, 'FindingId')).toEqual([...ids].sort());
    expect(credentials).toHaveLength(first?.credentials.length ?? 0);
    const text = (await context.store.read('shards/tenant.json'))?.text ?? '';
    expect(JSON.parse(text).findings).toHaveLength(ids.length);

    simulator.advanceTo(new Date(simulator.now().getTime() + 60 * 1000).toISOString());
    const second = await runSweep(context, planAt(simulator.now().toISOString()), 'tenant');
    expect(second?.findings.map(({ findingId }) => findingId).sort()).toEqual(ids.sort());
    expect([...new Set(second?.findings.map(({ status }) => status))]).toEqual(['ongoing']);
    expect(second?.report.findings).toBe(first?.report.findings);
  });

  test('cut short after it was saved, all is said when the message comes again', async () => {
    const { simulator, azure, planAt } = large();
    const send: Send = async () => {
      throw new Error('killed');
    };
    const store = memoryStore();
    const wanted = planAt(simulator.now().toISOString());
    await expect(runSweep(contextOf({ simulator, azure }, { store, send }), wanted, 'tenant')).rejects.toThrow(
      'killed',
    );
    const again = await runSweep(contextOf({ simulator, azure }, { store }), wanted, 'tenant');
    const { AcrWardenFindings_CL: rows, AcrWardenCredentials_CL: credentials } = simulator.workspace.tables;
    expect(keys(rows, 'FindingId')).toEqual(again?.findings.map(({ findingId }) => findingId).sort());
    expect(rows?.every(({ Status }) => Status === 'new')).toBe(true);
    expect(new Set(keys(credentials, 'CredentialId')).size).toBe(again?.credentials.length);
    expect(again?.credentials.length).toBeGreaterThan(300);
  });
});
