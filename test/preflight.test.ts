import type { HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { type EstateFile, type FaultRule, SIMULATED_DCR, SIMULATED_WORKSPACE } from '../simulator/index.ts';
import { closeSweeps } from '../src/close.ts';
import { NoSignInError } from '../src/collect/attempt.ts';
import type { Policy } from '../src/model/policy.ts';
import { SOURCES } from '../src/model/source.ts';
import { planSweep } from '../src/plan.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { examineIngestion } from '../src/preflight/destination.ts';
import { neededPermissions } from '../src/preflight/needed.ts';
import { GRAPH_READS } from '../src/preflight/rights.ts';
import { counted, type PreflightRequest, preflight } from '../src/preflight.ts';
import { TABLES } from '../src/publish/rows.ts';
import { memoryStore } from '../src/state/memory.ts';
import { keep, type SpoolEntry, setAside } from '../src/state/spool.ts';
import { VERSION } from '../src/version.ts';
import { OTHER_SUB, registryId, SUB, TENANT } from './build.ts';
import { contextOf, estateOf, type Simulated, simulated, wireRegistry, wireSubscription } from './wire.ts';

const ME = '0bde57a1-5a1e-4f0e-9d1c-000000000001';
const VAULT = 'https://kv-team.vault.azure.net';
const GROUP = '/providers/Microsoft.Management/managementGroups/contoso';
const POLICY: Policy = {
  ...DEFAULT_POLICY,
  scope: { excludeTags: {}, managementGroups: ['contoso'] },
  profile: 'full',
  vaults: [{ url: VAULT, tags: { registry: 'acr' } }],
};

function ids({ subscriptions = [wireSubscription()] }: Partial<EstateFile>): string[] {
  return subscriptions.map(({ subscriptionId }) => subscriptionId);
}

/** An estate in which everything may be read, below one management group. */
function open(change: Partial<EstateFile> = {}): EstateFile {
  return estateOf([wireRegistry('shop')], {
    managementGroups: { contoso: { parent: null, subscriptions: ids(change) } },
    vaults: { [VAULT]: [] },
    ...change,
  });
}

function examine(both: Simulated, change: Partial<PreflightRequest> = {}) {
  return preflight({
    azure: both.azure,
    policy: POLICY,
    before: [],
    principalId: ME,
    tenantId: TENANT,
    destination: SIMULATED_DCR,
    workspaceId: SIMULATED_WORKSPACE.id,
    store: memoryStore(),
    probe: 'p1',
    clock: () => both.simulator.now(),
    ...change,
  });
}

/** What is not in order, in short. */
async function troubles(both: Simulated, change: Partial<PreflightRequest> = {}) {
  const examined = await examine(both, change);
  return examined
    .filter(({ verdict }) => verdict === 'wrong' || verdict === 'unknown')
    .map(({ verdict, what, detail, permission, fix }) => ({
      verdict,
      what,
      detail,
      ...(permission && { permission }),
      ...(fix && { fix }),
    }));
}

const permissions = [...new Set(Object.values(SOURCES).map(({ permission }) => permission))];
const actions = permissions.filter((one) => !one.includes(':') && !one.startsWith('Microsoft.Management/'));
const READER = `az role assignment create --assignee-object-id ${ME} --role Reader --scope /subscriptions/${SUB}`;

test('where everything is in order, every permission of every source was tested, and nothing was changed', async () => {
  const both = simulated(open());
  const store = memoryStore();
  const examined = await examine(both, { store });
  // With the rule, the workspace, the state and its spool.
  expect(counted(examined)).toEqual({ ok: permissions.length + 4, wrong: 0, unknown: 0, 'not-tested': 2 });
  expect(examined.filter(({ verdict }) => verdict === 'not-tested').map(({ what }) => what)).toEqual([
    'clock',
    'the deployed program',
  ]);
  expect(examined.find(({ scope }) => scope === GROUP)?.detail).toBe('subscriptions below it: 1');
  const tested = examined.flatMap(({ permission }) => (permission ? [permission] : []));
  expect(tested.toSorted()).toEqual(permissions.toSorted());
  expect(await store.list('')).toEqual([]);
  expect(Object.values(both.simulator.workspace.tables).flat()).toEqual([]);
  expect(both.simulator.defects).toEqual([]);
});

describe('each permission missing in turn', () => {
  test.each(actions.filter((action) => action !== 'Microsoft.Resources/subscriptions/read'))(
    '%s is named with the checks that it blinds, and the command that grants it',
    async (action) => {
      const both = simulated(open({ denied: [{ action, scope: `/subscriptions/${SUB}` }] }));
      const wrong = (await examine(both)).filter(({ verdict }) => verdict !== 'ok' && verdict !== 'not-tested');
      expect(wrong).toEqual([
        {
          area: 'azure',
          scope: `/subscriptions/${SUB}`,
          what: 'subscription Prod',
          permission: action,
          verdict: 'wrong',
          detail: 'not granted at the whole subscription, so not where a registry may appear',
          blinds: neededPermissions(POLICY).find(({ permission }) => permission === action)?.blinds,
          fix: READER,
        },
      ]);
    },
  );

  test.each(permissions.filter((one) => one.startsWith('graph:')))('%s', async (action) => {
    const both = simulated(open({ denied: [{ action }] }));
    const name = action.slice('graph:'.length);
    expect(await troubles(both)).toEqual([
      {
        verdict: 'wrong',
        what: `Microsoft Graph, ${name}`,
        detail: `403, ${name} is not granted`,
        permission: action,
        fix: `./infra/grant-graph.sh ${ME} # grants ${name}`,
      },
    ]);
  });

  test('what is below a management group', async () => {
    const action = 'Microsoft.Management/managementGroups/descendants/read';
    expect(await troubles(simulated(open({ denied: [{ action, scope: GROUP }] })))).toEqual([
      {
        verdict: 'wrong',
        what: 'management group contoso',
        detail: expect.stringContaining(`403, ${action} is not granted`),
        permission: action,
        fix: READER.replace(`/subscriptions/${SUB}`, GROUP),
      },
    ]);
  });

  test('the list of a vault', async () => {
    const both = simulated(open({ denied: [{ action: 'vault:list', scope: VAULT }] }));
    expect(await troubles(both)).toEqual([
      {
        verdict: 'wrong',
        what: 'Key Vault kv-team',
        detail: `cannot read the dates of the secrets of ${VAULT}: 403, vault:list is not granted`,
        permission: 'vault:list',
        fix: `az role assignment create --assignee-object-id ${ME} --role "Key Vault Reader" --scope "$(az keyvault show --name kv-team --query id --output tsv)"`,
      },
    ]);
  });

  test('the rule that takes the rows: said once', async () => {
    const both = simulated(open({ denied: [{ action: 'ingestion:write' }] }));
    expect(await troubles(both)).toEqual([
      {
        verdict: 'wrong',
        what: `data collection rule ${SIMULATED_DCR.ruleId}`,
        detail: '403, it may not be written to; a new right takes up to 30 minutes to spread',
        fix: `az role assignment create --assignee-object-id ${ME} --role "Monitoring Metrics Publisher" --scope "$(az monitor data-collection rule list --query "[?immutableId=='${SIMULATED_DCR.ruleId}'].id" --output tsv)"`,
      },
    ]);
    expect(both.simulator.requests.filter(({ service }) => service === 'ingestion')).toHaveLength(1);
  });

  test('queries of the workspace', async () => {
    const denied = [
      { action: 'Microsoft.OperationalInsights/workspaces/query/read', scope: SIMULATED_WORKSPACE.resourceId },
    ];
    const [trouble, ...others] = await troubles(simulated(open({ denied })));
    expect(others).toEqual([]);
    expect(trouble).toMatchObject({ verdict: 'wrong', detail: '403, it may not be queried' });
    expect(trouble?.fix).toContain('--role "Log Analytics Reader"');
  });
});

test('each Graph permission of the sources has a read that proves it', () => {
  expect(Object.keys(GRAPH_READS).toSorted()).toEqual(permissions.filter((one) => one.startsWith('graph:')).toSorted());
});

test('what only checks need that the policy leaves out is not asked for', () => {
  const names = (policy: typeof DEFAULT_POLICY) => neededPermissions(policy).map(({ permission }) => permission);
  const listUsages = 'Microsoft.ContainerRegistry/registries/listUsages/read';
  expect(names(DEFAULT_POLICY)).toContain(listUsages);
  const checks = { 'usage-near-limit': 'off', 'registry-unreachable': 'off' } as const;
  expect(names({ ...DEFAULT_POLICY, checks })).not.toContain(listUsages);
  // It blinds no check, and still says who made a change.
  expect(neededPermissions(DEFAULT_POLICY)).toContainEqual({
    permission: 'Microsoft.Insights/eventtypes/values/read',
    blinds: [],
  });
});

test('a permission that is missing in one subscription only is named there', async () => {
  const action = 'Microsoft.ContainerRegistry/registries/tokens/read';
  const subscriptions = [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB, displayName: 'Dev' })];
  const both = simulated(open({ subscriptions, denied: [{ action, scope: registryId('shop', OTHER_SUB) }] }));
  expect((await troubles(both)).map(({ what, permission }) => [what, permission])).toEqual([
    ['subscription Dev', action],
  ]);
});

test('an identity that sees nothing is told so', async () => {
  const denied = [{ action: 'Microsoft.Resources/subscriptions/read', scope: `/subscriptions/${SUB}` }];
  const policy = { ...POLICY, scope: { excludeTags: {} } };
  expect(await troubles(simulated(open({ denied })), { policy })).toEqual([
    {
      verdict: 'wrong',
      what: 'what a sweep would cover',
      detail: 'no subscription is visible to this identity: the tenant has none, or no right was granted yet',
      permission: 'Microsoft.Resources/subscriptions/read',
      fix: READER.replace(SUB, '<id of each subscription to audit>'),
    },
  ]);
});

test('a subscription that the policy names and nobody may see', async () => {
  const policy = { ...POLICY, scope: { excludeTags: {}, subscriptions: [SUB, OTHER_SUB] } };
  const [trouble, ...others] = await troubles(simulated(open()), { policy });
  expect(others).toEqual([]);
  expect(trouble).toEqual({
    verdict: 'wrong',
    what: `subscription ${OTHER_SUB}`,
    detail: `cannot read the subscriptions of subscription ${OTHER_SUB}: there is no such subscription, or nothing in it may be read`,
    fix: READER.replace(SUB, OTHER_SUB),
  });
});

test('without a login there is nothing to examine', async () => {
  const both = simulated(open(), {
    connection: {
      credential: {
        getToken: () => Promise.reject(Object.assign(new Error('no login'), { name: 'CredentialUnavailableError' })),
      },
    },
  });
  await expect(examine(both)).rejects.toThrow(NoSignInError);
});

test.each<{ what: string; fault: FaultRule; trouble: string }>([
  {
    what: 'permissions',
    fault: { match: { service: 'arm', path: /permissions/ }, effect: { kind: 'broken' } },
    trouble: 'subscription Prod',
  },
  {
    what: 'the clock',
    // The first is the list that the plan asks for.
    fault: { match: { service: 'arm', path: /^\/subscriptions\?/, nth: 2 }, effect: { kind: 'reset' } },
    trouble: 'clock',
  },
  {
    what: 'Graph',
    fault: { match: { service: 'graph', path: /groups/ }, effect: { kind: 'status', status: 503 } },
    trouble: 'Microsoft Graph, GroupMember.Read.All',
  },
  {
    what: 'the rule',
    fault: { match: { service: 'ingestion' }, effect: { kind: 'status', status: 500 } },
    trouble: `data collection rule ${SIMULATED_DCR.ruleId}`,
  },
  {
    what: 'the vault',
    fault: { match: { service: 'keyVault' }, effect: { kind: 'reset' } },
    trouble: 'Key Vault kv-team',
  },
  {
    what: 'the workspace',
    fault: { match: { service: 'logsQuery' }, effect: { kind: 'status', status: 500 } },
    trouble: 'queries of the workspace',
  },
])('an answer of $what that says nothing is unknown, neither good nor bad', async ({ fault, trouble }) => {
  const found = await troubles(simulated(open(), { faults: [fault] }));
  expect(found.map(({ verdict, what }) => [verdict, what])).toEqual([['unknown', trouble]]);
});

test('a rule of an older stack lacks the stream of a table', async () => {
  const streams = Object.values(TABLES)
    .filter((table) => table !== TABLES.changes)
    .map((table) => [`Custom-${table}`, { columns: [{ name: 'TimeGenerated', type: 'datetime' }] }]);
  const template = {
    resources: [
      {
        type: 'Microsoft.Insights/dataCollectionRules',
        properties: {
          streamDeclarations: Object.fromEntries(streams),
          dataFlows: streams.map(([stream]) => ({ streams: [stream], transformKql: 'source', outputStream: stream })),
        },
      },
    ],
  };
  const { azure } = simulated(open(), { template });
  expect(await examineIngestion(azure, SIMULATED_DCR, ME)).toEqual({
    area: 'ingestion',
    scope: SIMULATED_DCR.endpoint,
    verdict: 'wrong',
    what: `data collection rule ${SIMULATED_DCR.ruleId}`,
    detail: `it has no stream for AcrWardenChanges_CL, AcrWardenIncidents_CL: the stack is older than this program (${VERSION})`,
    fix: 'infra/deploy.sh <environment> # brings the stack up to this version',
  });
});

test('a rule that is not there is another deployment’s', async () => {
  const destination = { ...SIMULATED_DCR, ruleId: 'dcr-other' };
  const [trouble, ...others] = await troubles(simulated(open()), { destination });
  expect(others).toEqual([]);
  expect(trouble).toMatchObject({ verdict: 'wrong', detail: '404, there is no such rule at this endpoint' });
});

describe('the deployed program', () => {
  async function swept(version: string) {
    const both = simulated(open());
    const context = contextOf(both);
    const plan = await planSweep(both.azure, context.store, {
      policy: DEFAULT_POLICY,
      sweptAt: both.simulator.now().toISOString(),
    });
    await closeSweeps(context, plan.sweepId);
    for (const row of both.simulator.workspace.tables.AcrWardenSweeps_CL ?? []) row.Version = version;
    return (await examine(both)).filter(({ what }) => what === 'the deployed program');
  }

  test('is of this version', async () => {
    expect(await swept(VERSION)).toMatchObject([{ verdict: 'ok', detail: `${VERSION}, as this one` }]);
  });

  test('is of another, whatever another environment in the same workspace has', async () => {
    const both = simulated(open());
    const sweptAt = both.simulator.now().toISOString();
    for (const environment of ['dev', 'prod']) {
      const context = contextOf(both, { environment });
      const plan = await planSweep(both.azure, context.store, { policy: DEFAULT_POLICY, sweptAt });
      await closeSweeps(context, plan.sweepId);
    }
    for (const row of both.simulator.workspace.tables.AcrWardenSweeps_CL ?? []) {
      if (row.Environment === 'dev') row.Version = '0.0.9';
    }
    const verdictOf = async (environment: string) =>
      (await examine(both, { environment })).find(({ what }) => what === 'the deployed program')?.verdict;
    expect([await verdictOf('dev'), await verdictOf('prod'), await verdictOf('test')]).toEqual([
      'wrong',
      'ok',
      'not-tested',
    ]);
  });

  test('is of another', async () => {
    expect(await swept('0.0.9')).toMatchObject([
      { verdict: 'wrong', detail: `the newest sweep was closed by 0.0.9, and this is ${VERSION}` },
    ]);
  });
});

describe('the clock', () => {
  const NOW = Date.parse('2026-11-24T06:00:00Z');

  test.each<{ secondsThere: number; verdict: string; detail: string }>([
    { secondsThere: 0, verdict: 'ok', detail: 'within 1 s of Azure’s' },
    { secondsThere: 60, verdict: 'ok', detail: 'within 60 s of Azure’s' },
    { secondsThere: 61, verdict: 'wrong', detail: '61 s behind Azure’s' },
    { secondsThere: -61, verdict: 'wrong', detail: '61 s ahead of Azure’s' },
  ])('Azure’s is $secondsThere s away: $verdict', async ({ secondsThere, verdict, detail }) => {
    const { simulator } = simulated(open());
    const dated: HttpClient = {
      async sendRequest(request) {
        const response = await simulator.httpClient.sendRequest(request);
        response.headers.set('date', new Date(NOW + secondsThere * 1000).toUTCString());
        return response;
      },
    };
    const both = simulated(open(), { connection: { httpClient: dated } });
    const [clock] = (await examine(both)).filter(({ area }) => area === 'clock');
    expect({ verdict: clock?.verdict, detail: clock?.detail }).toEqual({
      verdict,
      detail: detail.replace('’', "'"),
    });
  });
});

describe('the state', () => {
  async function stateOf(store: PreflightRequest['store']) {
    const examined = await examine(simulated(open()), store ? { store } : {});
    return examined
      .filter(({ area }) => area === 'state')
      .map(({ what, verdict, detail }) => ({ what, verdict, detail }));
  }

  test('with rows that wait for delivery', async () => {
    const store = memoryStore();
    await keep(store, 's1', 'tenant', 0, { version: 1, table: 'T', rows: [{}], reason: '503' });
    expect(await stateOf(store)).toEqual([
      { what: 'state', verdict: 'ok', detail: 'written, read, listed and removed' },
      { what: 'spool of undelivered rows', verdict: 'ok', detail: '1 batch waits for the next delivery' },
    ]);
  });

  test('with rows that were refused for good', async () => {
    const store = memoryStore();
    const entry: SpoolEntry = { version: 1, table: 'T', rows: [{}, {}], reason: '413' };
    await setAside(store, await keep(store, 's1', 'tenant', 0, entry), entry);
    expect((await stateOf(store))[1]).toEqual({
      what: 'spool of undelivered rows',
      verdict: 'wrong',
      detail: '2 rows were refused for good and lie under refused/',
    });
  });

  test('that may not be written to', async () => {
    const forbidden = Object.assign(new Error('This request is not authorized'), {
      name: 'RestError',
      statusCode: 403,
    });
    const store = {
      ...memoryStore(),
      place: 'https://acrwdev.blob.core.windows.net/acr-warden',
      write: () => Promise.reject(new Error('cannot write blob', { cause: forbidden })),
    };
    const [trouble, ...others] = await troubles(simulated(open()), { store });
    expect(others).toEqual([]);
    expect(trouble).toEqual({
      verdict: 'wrong',
      what: 'state',
      detail: 'cannot write blob: This request is not authorized',
      fix: `az role assignment create --assignee-object-id ${ME} --role "Storage Blob Data Contributor" --scope "$(az storage account show --name acrwdev --query id --output tsv)/blobServices/default/containers/acr-warden"`,
    });
  });

  test('that gives back something else, and is left clean all the same', async () => {
    const inner = memoryStore();
    const store = { ...inner, read: async () => ({ text: 'other', etag: '1' }) };
    expect(await stateOf(store)).toEqual([
      { what: 'state', verdict: 'unknown', detail: 'preflight/p1.json in memory was written and did not come back' },
    ]);
    expect(await inner.list('')).toEqual([]);
  });

  test('that is not there', async () => {
    const store = { ...memoryStore(), write: () => Promise.reject(new Error('cannot write')) };
    expect(await stateOf(store)).toEqual([{ what: 'state', verdict: 'unknown', detail: 'cannot write' }]);
  });
});
