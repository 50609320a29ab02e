import { describe, expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { missingRegistration } from '../../simulator/index.ts';
import { readWrites } from '../../src/collect/activityLog.ts';
import { readRecordedChanges } from '../../src/collect/changes.ts';
import { allowsAction } from '../../src/collect/permissions.ts';
import { believedChanges } from '../../src/collect/subscriptionChanges.ts';
import type { RecordedChange } from '../../src/model/change.ts';
import type { Gap } from '../../src/model/gap.ts';
import { DAY, fromNow, NOW, OTHER_SUB, registryId, SUB, TENANT } from '../build.ts';
import { estateOf, simulated, wireRegistry, wireSubscription } from '../wire.ts';

const SHOP = registryId('shop');
const CHANGED_AT = '2026-11-24T05:30:00.1234567+00:00';

/** A row of `resourcechanges`, as Azure has it: texts throughout, and the text "null" for what was not there. */
function changeRow(name: string, changes: Wire, attributes: Wire = {}, properties: Wire = {}): Wire {
  return {
    id: `${SHOP}/providers/Microsoft.Resources/changes/${name}`,
    name,
    type: 'microsoft.resources/changes',
    subscriptionId: SUB,
    resourceGroup: 'rg',
    properties: {
      targetResourceId: SHOP,
      targetResourceType: 'microsoft.containerregistry/registries',
      changeType: 'Update',
      changeAttributes: {
        timestamp: CHANGED_AT,
        changedBy: 'ana@contoso.com',
        changedByType: 'User',
        clientType: 'Azure Portal',
        operation: 'microsoft.containerregistry/registries/write',
        correlationId: 'k1',
        ...attributes,
      },
      changes,
      ...properties,
    },
  };
}

const ADMIN_ON = { 'properties.adminUserEnabled': { previousValue: 'False', newValue: 'True' } };

async function changesOf(rows: Wire[], options: Parameters<typeof simulated>[1] = {}) {
  const { azure, simulator } = simulated(estateOf([wireRegistry('shop')], { changes: rows }), options);
  const gaps: Gap[] = [];
  return { changes: await readRecordedChanges(azure, [SUB], NOW, gaps), gaps, simulator };
}

describe('Resource Graph', () => {
  test('a change with its actor', async () => {
    const { changes, gaps } = await changesOf([changeRow('a', ADMIN_ON)]);
    expect(gaps).toEqual([]);
    expect(changes).toEqual([
      {
        resourceId: SHOP,
        changedAt: '2026-11-24T05:30:00.123Z',
        changedBy: 'ana@contoso.com',
        changedByType: 'User',
        client: 'Azure Portal',
        operation: 'microsoft.containerregistry/registries/write',
        correlationId: 'k1',
        source: 'resource-graph',
        creation: false,
        values: [{ field: 'adminUser', before: 'False', after: 'True' }],
      },
    ]);
  });

  test.each<[string, Wire, Pick<RecordedChange, 'changedBy' | 'changedByType' | 'client'>]>([
    [
      'an application',
      { changedBy: 'b0f5', changedByType: 'Application', clientType: 'Unspecified' },
      { changedBy: 'b0f5', changedByType: 'Application', client: '' },
    ],
    [
      'Azure itself',
      { changedBy: 'Unspecified', changedByType: 'System' },
      { changedBy: 'Azure', changedByType: 'System', client: 'Azure Portal' },
    ],
    [
      'a service of Azure that has a name',
      { changedBy: 'Microsoft.Advisor', changedByType: 'System' },
      { changedBy: 'Microsoft.Advisor', changedByType: 'System', client: 'Azure Portal' },
    ],
    [
      'nobody',
      { changedBy: 'Unspecified', changedByType: 'Unspecified' },
      { changedBy: 'unknown', changedByType: 'unknown', client: 'Azure Portal' },
    ],
    [
      'a record of before 2024, without names',
      { changedBy: null, changedByType: null, clientType: null },
      { changedBy: 'unknown', changedByType: 'unknown', client: '' },
    ],
  ])('made by %s', async (_what, attributes, expected) => {
    const { changes } = await changesOf([changeRow('a', ADMIN_ON, attributes)]);
    expect(changes?.map(({ changedBy, changedByType, client }) => ({ changedBy, changedByType, client }))).toEqual([
      expected,
    ]);
  });

  test('every field that is watched, in any letter case, and nothing else', async () => {
    const set = (newValue: string, previousValue = 'null') => ({ previousValue, newValue });
    const { changes } = await changesOf([
      changeRow('a', {
        'sku.name': set('Premium', 'Basic'),
        'properties.ADMINUSERENABLED': set('True', 'False'),
        'properties.anonymousPullEnabled': set('true'),
        'properties.publicNetworkAccess': set('Enabled', 'Disabled'),
        'properties.networkRuleSet.defaultAction': set('Deny'),
        'properties.networkRuleSet.ipRules[0].value': set('203.0.113.9', '192.0.2.0/24'),
        'properties.networkRuleSet.ipRules[0].action': set('Allow'),
        'properties.networkRuleSet.ipRules[1].value': set('198.51.100.77/24'),
        'properties.networkRuleBypassOptions': set('None', 'AzureServices'),
        'properties.networkRuleBypassAllowedForTasks': set('true'),
        'properties.policies.exportPolicy.status': set('disabled', 'enabled'),
        'properties.policies.azureADAuthenticationAsArmPolicy.status': set('enabled'),
        'properties.dataEndpointEnabled': set('true'),
        'properties.roleAssignmentMode': set('AbacRepositoryPermissions'),
        'tags.owner': set('x'),
        'properties.provisioningState': set('Succeeded', 'Updating'),
      }),
    ]);
    const values = Object.fromEntries(
      (changes?.[0]?.values ?? []).map(({ field, before, after }) => [field, [before, after]]),
    );
    expect(values).toEqual({
      sku: ['Basic', 'Premium'],
      adminUser: ['False', 'True'],
      anonymousPull: [null, 'true'],
      publicNetworkAccess: ['Disabled', 'Enabled'],
      defaultAction: [null, 'Deny'],
      ipRules: [['192.0.2.0/24'], ['198.51.100.0/24', '203.0.113.9/32']],
      bypass: ['AzureServices', 'None'],
      tasksBypass: [null, 'true'],
      exportPolicy: ['enabled', 'disabled'],
      armAudienceTokens: [null, 'enabled'],
      dataEndpoint: [null, 'true'],
      roleAssignmentMode: [null, 'AbacRepositoryPermissions'],
    });
  });

  test.each<[string, Wire]>([
    ['a tag', changeRow('a', { 'tags.owner': { previousValue: 'null', newValue: 'x' } })],
    ['a deletion', changeRow('a', ADMIN_ON, {}, { changeType: 'Delete' })],
    ['another type', changeRow('a', ADMIN_ON, {}, { targetResourceType: 'microsoft.storage/storageaccounts' })],
    ['what is older than 14 days', changeRow('a', ADMIN_ON, { timestamp: fromNow(-14 * DAY - 1) })],
  ])('leaves out %s', async (_what, row) => {
    expect(await changesOf([row])).toMatchObject({ changes: [], gaps: [] });
  });

  test('is remembered for as long as Azure keeps it, 14 days', async () => {
    const rows = [-14 * DAY - 1, -14 * DAY].map((seconds, index) =>
      changeRow(`change${index}`, ADMIN_ON, { timestamp: fromNow(seconds) }),
    );
    const { changes } = await changesOf(rows);
    expect(changes?.map(({ changedAt }) => changedAt)).toEqual([fromNow(-14 * DAY)]);
  });

  test('of changes to nothing that is watched the newest of each registry, so that its details are read again', async () => {
    const rule = { 'properties.networkRuleSet.virtualNetworkRules[0].id': { previousValue: 'x', newValue: 'null' } };
    const { changes } = await changesOf([
      changeRow('a', rule, { timestamp: fromNow(-120) }),
      changeRow('b', {}, { timestamp: fromNow(-60) }, { targetResourceId: SHOP.toUpperCase() }),
      changeRow('c', rule, { timestamp: fromNow(-180) }),
      changeRow('d', rule, { timestamp: fromNow(-180) }, { targetResourceId: registryId('depot') }),
      changeRow('e', ADMIN_ON, { timestamp: fromNow(-240) }),
    ]);
    expect(changes?.map(({ resourceId, changedAt, values }) => [resourceId, changedAt, values?.length])).toEqual([
      [SHOP, fromNow(-240), 1],
      [registryId('depot'), fromNow(-180), 0],
      [SHOP.toUpperCase(), fromNow(-60), 0],
    ]);
  });

  test('the making of a registry, which names no values', async () => {
    const { changes } = await changesOf([changeRow('a', {}, {}, { changeType: 'Create' })]);
    expect(changes?.map(({ creation, values }) => [creation, values])).toEqual([[true, []]]);
  });

  test('1,001 changes are two queries, and come oldest first', async () => {
    const rows = Array.from({ length: 1001 }, (_, index) =>
      changeRow(`c${index}`, ADMIN_ON, { timestamp: fromNow(-index - 1), correlationId: `k${index}` }),
    );
    const { changes = [], simulator } = await changesOf(rows);
    expect(changes.length).toBe(1001);
    expect([changes[0]?.correlationId, changes.at(-1)?.correlationId]).toEqual(['k1000', 'k0']);
    expect(simulator.requests.filter(({ service }) => service === 'resourceGraph')).toHaveLength(2);
  });

  test.each<[string, Wire, string]>([
    ['a date that is none', changeRow('a', ADMIN_ON, { timestamp: 'yesterday' }), 'UnusableAnswer'],
    ['no attributes', changeRow('a', ADMIN_ON, {}, { changeAttributes: null }), 'UnusableAnswer'],
  ])('a row with %s is a gap', async (_what, row, code) => {
    // The filter by time would leave it out first, so the simulated service is made to answer with it.
    const body = JSON.stringify({ totalRecords: 1, count: 1, resultTruncated: 'false', facets: [], data: [row] });
    const faults = [{ match: { service: 'resourceGraph' }, effect: { kind: 'status' as const, status: 200, body } }];
    const { changes, gaps } = await changesOf([], { faults });
    expect([changes, gaps.map((gap) => [gap.source, gap.scope, gap.code])]).toEqual([
      undefined,
      [['changes', '/', code]],
    ]);
  });

  test.each<[string, string, string]>([
    [
      'an answer cut short without a next page',
      '{"totalRecords":9,"count":0,"resultTruncated":"true","data":[],"facets":[]}',
      'UnusableAnswer',
    ],
    [
      'a table instead of rows',
      '{"totalRecords":0,"count":0,"resultTruncated":"false","data":{"columns":[],"rows":[]},"facets":[]}',
      'UnusableAnswer',
    ],
  ])('%s is a gap', async (_what, body, code) => {
    const faults = [{ match: { service: 'resourceGraph' }, effect: { kind: 'status' as const, status: 200, body } }];
    const { changes, gaps } = await changesOf([], { faults });
    expect([changes, gaps.map((gap) => gap.code)]).toEqual([undefined, [code]]);
  });

  test('no subscription is no query', async () => {
    const { azure, simulator } = simulated(estateOf());
    expect(await readRecordedChanges(azure, [], NOW, [])).toEqual([]);
    expect(simulator.requests).toEqual([]);
  });
});

describe('whether Resource Graph may be believed', () => {
  const bulk: RecordedChange[] = [SHOP, registryId('pay', OTHER_SUB)].map((id) => ({
    resourceId: id,
    changedAt: NOW,
    changedBy: 'ana@contoso.com',
    changedByType: 'User',
    client: '',
    operation: '',
    correlationId: 'k1',
    source: 'resource-graph',
    creation: false,
  }));

  async function believed(denied: { action: string; scope?: string }[]) {
    const subscriptions = [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB })];
    const { azure } = simulated(estateOf([wireRegistry('shop')], { subscriptions, denied, tenantId: TENANT }));
    const gaps: Gap[] = [];
    const changes = await believedChanges(azure, SUB, bulk, gaps);
    return { ids: changes?.map(({ resourceId: id }) => id), gaps };
  }

  test('it may by who reads all registries; those of other subscriptions are left to others', async () => {
    expect(await believed([])).toEqual({ ids: [SHOP], gaps: [] });
  });

  test('a registry that may not be read is a gap, not silence', async () => {
    const { ids, gaps } = await believed([{ action: 'Microsoft.ContainerRegistry/registries/read', scope: SHOP }]);
    expect([ids, gaps]).toEqual([
      undefined,
      [
        {
          source: 'changes',
          scope: `/subscriptions/${SUB}`,
          code: 'PermissionMissing',
          reason: `cannot rely on the change records of registries of /subscriptions/${SUB}: Microsoft.ContainerRegistry/registries/read is not granted everywhere in it, and Resource Graph leaves out the rest in silence`,
          permission: 'Microsoft.ContainerRegistry/registries/read',
        },
      ],
    ]);
  });

  test('what was not read is not asked about', async () => {
    const { azure, simulator } = simulated(estateOf());
    expect(await believedChanges(azure, SUB, undefined, [])).toBeUndefined();
    expect(simulator.requests).toEqual([]);
  });

  test.each([
    ['Reader', [{ actions: ['*/read'], notActions: [] }], true],
    ['nothing', [], false],
    ['another action', [{ actions: ['Microsoft.Storage/*'], notActions: [] }], false],
    [
      'taken away within the same role',
      [{ actions: ['*'], notActions: ['microsoft.containerregistry/registries/READ'] }],
      false,
    ],
    [
      'taken away in one role, given in another',
      [
        { actions: ['*'], notActions: ['Microsoft.ContainerRegistry/*'] },
        { actions: ['Microsoft.ContainerRegistry/registries/read'], notActions: [] },
      ],
      true,
    ],
    ['a pattern that only begins so', [{ actions: ['Microsoft.ContainerRegistry/registries'], notActions: [] }], false],
  ])('permissions: %s', (_what, permissions, expected) => {
    expect(allowsAction(permissions, 'Microsoft.ContainerRegistry/registries/read')).toBe(expected);
  });
});

describe('the activity log', () => {
  function event(change: Wire = {}, properties: Wire = {}): Wire {
    const twice = (value: string) => ({ value, localizedValue: value });
    return {
      caller: 'ana@contoso.com',
      claims: { appid: '04b07795-8ddb-461a-bbee-02f9e1bf7b46', name: 'Ana' },
      correlationId: 'k1',
      eventTimestamp: '2026-11-24T05:30:00.1234567Z',
      operationName: twice('Microsoft.ContainerRegistry/registries/write'),
      resourceProviderName: twice('Microsoft.ContainerRegistry'),
      resourceId: SHOP,
      status: twice('Succeeded'),
      subscriptionId: SUB,
      properties,
      ...change,
    };
  }

  async function writesOf(events: Wire[], since = fromNow(-DAY), options: Parameters<typeof simulated>[1] = {}) {
    const { azure, simulator } = simulated(estateOf([wireRegistry('shop')], { activityLog: events }), options);
    const gaps: Gap[] = [];
    return { writes: await readWrites(azure, SUB, { since, now: NOW }, gaps), gaps, simulator };
  }

  test('a write with who, with what, and what was asked for', async () => {
    const requestbody = JSON.stringify({
      properties: { adminUserEnabled: true, networkRuleSet: { ipRules: [{ action: 'Allow', value: '192.0.2.9' }] } },
    });
    expect(await writesOf([event({}, { requestbody })])).toMatchObject({
      gaps: [],
      writes: [
        {
          resourceId: SHOP,
          changedAt: '2026-11-24T05:30:00.123Z',
          changedBy: 'ana@contoso.com',
          changedByType: 'User',
          client: 'Azure CLI',
          operation: 'Microsoft.ContainerRegistry/registries/write',
          correlationId: 'k1',
          source: 'activity-log',
          values: [
            { field: 'adminUser', before: null, after: 'true' },
            { field: 'ipRules', before: null, after: ['192.0.2.9/32'] },
          ],
        },
      ],
    });
  });

  test.each<[string, Wire, Wire, unknown]>([
    ['an application', { caller: 'b0f5' }, {}, ['b0f5', 'Application', undefined]],
    ['nobody that is named', { caller: '' }, {}, ['unknown', 'unknown', undefined]],
    ['a body cut in half', {}, { requestbody: '{"properties":{"admin' }, ['ana@contoso.com', 'User', undefined]],
    [
      'rules taken away',
      {},
      { requestbody: '{"properties":{"networkRuleSet":{"ipRules":[]}}}' },
      ['ana@contoso.com', 'User', [{ field: 'ipRules', before: null, after: [] }]],
    ],
  ])('%s', async (_what, change, properties, expected) => {
    const { writes } = await writesOf([event(change, properties)]);
    expect(writes.map(({ changedBy, changedByType, values }) => [changedBy, changedByType, values])).toEqual([
      expected,
    ]);
  });

  test.each<[string, Wire]>([
    ['its beginning', { status: { value: 'Started' } }],
    ['a failure', { status: { value: 'Failed' } }],
    [
      'another operation',
      { operationName: { value: 'Microsoft.ContainerRegistry/registries/listCredentials/action' } },
    ],
    ['what was before', { eventTimestamp: fromNow(-2 * DAY) }],
  ])('leaves out %s', async (_what, change) => {
    expect((await writesOf([event(change)])).writes).toEqual([]);
  });

  test('is never asked for more than Azure keeps', async () => {
    const events = [-90 * DAY, -89 * DAY - 1, -89 * DAY + 1].map((at) => event({ eventTimestamp: fromNow(at) }));
    const { writes, gaps } = await writesOf(events, fromNow(-4000 * DAY));
    expect([writes.map(({ changedAt }) => changedAt), gaps]).toEqual([[fromNow(-89 * DAY + 1)], []]);
  });

  test('that may not be read is a gap which names the permission', async () => {
    const { azure } = simulated(
      estateOf([wireRegistry('shop')], { denied: [{ action: 'Microsoft.Insights/eventtypes/values/read' }] }),
    );
    const gaps: Gap[] = [];
    expect(await readWrites(azure, SUB, { since: fromNow(-DAY), now: NOW }, gaps)).toEqual([]);
    expect(gaps.map(({ source, scope, permission }) => [source, scope, permission])).toEqual([
      ['activityLog', `/subscriptions/${SUB}`, 'Microsoft.Insights/eventtypes/values/read'],
    ]);
  });

  test('where Insights was never registered nobody can say who wrote, and that is no gap', async () => {
    const { azure } = simulated(estateOf(), { faults: [missingRegistration(SUB, 'Microsoft.Insights')] });
    const gaps: Gap[] = [];
    const writes = await readWrites(azure, SUB, { since: fromNow(-DAY), now: NOW }, gaps);
    expect({ writes, gaps }).toEqual({ writes: [], gaps: [] });
  });
});
