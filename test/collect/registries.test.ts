import { describe, expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { missingRegistration } from '../../simulator/index.ts';
import { confirmMissing, readRegistries } from '../../src/collect/registries.ts';
import type { Registry } from '../../src/model/estate.ts';
import type { Gap } from '../../src/model/gap.ts';
import { registryId, SUB } from '../build.ts';
import { estateOf, simulated, wireRegistry } from '../wire.ts';

const SHOP = registryId('shop');

async function read(resources: Parameters<typeof estateOf>[0], options: Parameters<typeof simulated>[1] = {}) {
  const { azure, simulator } = simulated(estateOf(resources), options);
  const gaps: Gap[] = [];
  const registries = await readRegistries(azure, SUB, gaps);
  return { registries, gaps, simulator };
}

/** One registry with these properties; fails where it became a gap. */
async function one(properties: Wire, change: Wire = {}): Promise<Registry> {
  const { registries, gaps } = await read([wireRegistry('shop', properties, change)]);
  const [registry] = registries;
  if (!registry) throw new Error(gaps[0]?.reason);
  return registry;
}

test.each<[string, Wire, boolean]>([
  ['without one', {}, false],
  ['none', { identity: { type: 'None' } }, false],
  ['none, in lower case', { identity: { type: 'none' } }, false],
  ['of its own', { identity: { type: 'SystemAssigned' } }, true],
])('an identity: %s', async (_what, change, expected) => {
  expect((await one({}, change)).hasIdentity).toBe(expected);
});

test('a registry with every field', async () => {
  const endpointId = '/subscriptions/x/resourceGroups/net/providers/Microsoft.Network/privateEndpoints/pe';
  const registry = await one(
    {
      adminUserEnabled: true,
      anonymousPullEnabled: true,
      publicNetworkAccess: 'Enabled',
      networkRuleSet: { defaultAction: 'Deny', ipRules: [{ action: 'Allow', value: '203.0.113.5' }] },
      networkRuleBypassOptions: 'None',
      networkRuleBypassAllowedForTasks: true,
      policies: { exportPolicy: { status: 'disabled' }, azureADAuthenticationAsArmPolicy: { status: 'disabled' } },
      roleAssignmentMode: 'AbacRepositoryPermissions',
      dataEndpointEnabled: true,
      dataEndpointHostNames: ['shop.westeurope.data.azurecr.io'],
      privateEndpointConnections: [
        {
          id: `${SHOP}/privateEndpointConnections/pe.1`,
          properties: { privateEndpoint: { id: endpointId }, privateLinkServiceConnectionState: { status: 'Pending' } },
        },
      ],
    },
    { tags: { env: 'prod' } },
  );
  expect(registry).toMatchObject({
    id: SHOP,
    name: 'shop',
    subscriptionId: SUB,
    resourceGroup: 'rg',
    location: 'westeurope',
    sku: 'Premium',
    loginServer: 'shop.azurecr.io',
    tags: { env: 'prod' },
    provisioningState: 'Succeeded',
    createdOn: '2024-03-01T08:00:00.123Z',
    adminUserEnabled: true,
    anonymousPullEnabled: true,
    publicNetworkAccess: 'Enabled',
    defaultAction: 'Deny',
    ipRules: ['203.0.113.5/32'],
    exposure: 'selected-networks',
    networkRuleBypass: 'None',
    tasksBypass: true,
    exportEnabled: false,
    armAudienceTokens: false,
    roleAssignmentMode: 'AbacRepositoryPermissions',
    dataEndpointEnabled: true,
    dataEndpointHostNames: ['shop.westeurope.data.azurecr.io'],
    privateEndpointConnections: [{ name: 'pe.1', endpointId, status: 'Pending' }],
  });
});

// Peers' defect 1: an older api-version has the fields elsewhere, and every registry failed.
test('peer defect 1: the api-version is the one that the fields are named by', async () => {
  const { simulator } = simulated(estateOf([wireRegistry('shop')]));
  const versions: (string | null)[] = [];
  const { azure } = simulated(estateOf([wireRegistry('shop')]), {
    connection: {
      httpClient: {
        sendRequest(request) {
          versions.push(new URL(request.url).searchParams.get('api-version'));
          return simulator.httpClient.sendRequest(request);
        },
      },
    },
  });
  const [registry] = await readRegistries(azure, SUB, []);
  expect({ name: registry?.name, versions }).toEqual({ name: 'shop', versions: ['2025-11-01'] });
});

// Peers' defect 2: an absent property is neither a pass nor a failure, it is ARM's own default (semantics §2).
test('peer defect 2: absent fields have ARM’s defaults', async () => {
  const absent = { publicNetworkAccess: undefined, adminUserEnabled: undefined };
  expect(await one(absent)).toMatchObject({
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccess: 'Enabled',
    defaultAction: 'Allow',
    ipRules: [],
    exposure: 'public',
    networkRuleBypass: 'AzureServices',
    tasksBypass: false,
    exportEnabled: true,
    armAudienceTokens: true,
    roleAssignmentMode: 'LegacyRegistryPermissions',
    dataEndpointEnabled: false,
    dataEndpointHostNames: [],
    privateEndpointConnections: [],
  });
});

// Peers' defect 3: the default action means nothing while public access is off, and Deny is not public.
describe('peer defect 3: exposure', () => {
  const rules = (...values: string[]): Wire[] => values.map((value) => ({ action: 'Allow', value }));
  test.each([
    ['Disabled', 'Deny', [], 'private'],
    ['Disabled', 'Allow', [], 'private'],
    ['disabled', 'allow', ['0.0.0.0/0'], 'private'],
    ['Enabled', 'Deny', [], 'selected-networks'],
    ['Enabled', 'Deny', ['203.0.113.0/24'], 'selected-networks'],
    ['Enabled', 'Allow', [], 'public'],
    ['Enabled', 'Allow', ['203.0.113.0/24'], 'public'],
    ['Enabled', 'Deny', ['0.0.0.0/0'], 'public'],
    ['Enabled', 'Deny', ['0.0.0.0/1', '128.0.0.0/1'], 'public'],
    ['Enabled', 'Deny', ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/1'], 'public'],
    ['Enabled', 'Deny', ['0.0.0.0/1'], 'selected-networks'],
    ['Enabled', 'Deny', ['0.0.0.0/1', '128.0.0.0/2'], 'selected-networks'],
    ['Enabled', 'Deny', ['::/0'], 'public'],
    ['Enabled', 'Deny', ['::/1', '8000::/1'], 'public'],
  ])('%s, %s, %j: %s', async (publicNetworkAccess, defaultAction, values, expected) => {
    const networkRuleSet = { defaultAction, ipRules: rules(...values) };
    expect(await one({ publicNetworkAccess, networkRuleSet })).toMatchObject({ exposure: expected });
  });

  test.each([
    [['203.0.113.5', '203.0.113.5/32'], ['203.0.113.5/32']],
    [
      ['198.51.100.0/24', '10.0.0.1'],
      ['10.0.0.1/32', '198.51.100.0/24'],
    ],
    [['2001:DB8::1'], ['2001:db8::1/128']],
  ])('rules %j are the networks %j', async (values, expected) => {
    const networkRuleSet = { defaultAction: 'Deny', ipRules: rules(...values) };
    expect((await one({ publicNetworkAccess: 'Enabled', networkRuleSet })).ipRules).toEqual(expected);
  });
});

describe('what cannot be judged is a gap of the registry, and of nothing else', () => {
  test.each([
    ['a sku of the future', { sku: { name: 'Ultra' } }, {}, 'Ultra'],
    ['no login server', {}, { loginServer: undefined }, 'loginServer'],
    ['no state', {}, { provisioningState: undefined }, 'provisioningState'],
    ['no location', { location: undefined }, {}, 'location'],
    ['access of the future', {}, { publicNetworkAccess: 'SecuredByPerimeter' }, "'SecuredByPerimeter'"],
    [
      'a rule that is no address',
      {},
      { networkRuleSet: { defaultAction: 'Deny', ipRules: [{ value: '300.1.1.1' }] } },
      "has the IP rule '300.1.1.1', which is not an address or a range",
    ],
    ['a date that is none', {}, { creationDate: 'yesterday' }, 'creationDate'],
    ['a tag without a text', { tags: { env: null } }, {}, "the tag 'env'"],
    ...['exportPolicy', 'azureADAuthenticationAsArmPolicy', 'trustPolicy', 'quarantinePolicy', 'retentionPolicy'].map(
      (name): [string, Wire, Wire, string] => [
        `a state of the future in ${name}`,
        {},
        { policies: { [name]: { status: 'auditOnly' } } },
        `has ${name} 'auditOnly'`,
      ],
    ),
    ['an empty state', {}, { policies: { exportPolicy: { status: '' } } }, "has exportPolicy ''"],
    ['encryption of the future', {}, { encryption: { status: 'maybe' } }, "has encryption 'maybe'"],
    ['zones of the future', {}, { zoneRedundancy: 'Auto' }, "has zoneRedundancy 'Auto'"],
    [
      'a connection without its endpoint',
      {},
      {
        privateEndpointConnections: [
          { name: 'pe', properties: { privateLinkServiceConnectionState: { status: 'Approved' } } },
        ],
      },
      'the endpoint of connection pe',
    ],
  ])('%s', async (_what, change, properties, words) => {
    const { registries, gaps } = await read([wireRegistry('shop', properties, change), wireRegistry('other')]);
    expect(registries.map(({ name }) => name)).toEqual(['other']);
    expect(gaps).toEqual([
      { source: 'registries', scope: SHOP, code: 'UnusableAnswer', reason: expect.stringContaining(words) },
    ]);
  });
});

test.each(['Pending', 'Rejected', 'Disconnected'])(
  'a connection that is %s may be without an endpoint',
  async (status) => {
    const properties = { privateEndpoint: null, privateLinkServiceConnectionState: { status } };
    const registry = await one({ privateEndpointConnections: [{ name: 'pe.1', properties }] });
    expect(registry.privateEndpointConnections).toEqual([{ name: 'pe.1', status }]);
  },
);

test('a registry that stands on two pages is one', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => wireRegistry(name));
  const body = JSON.stringify({ value: [b, c] });
  const second = { match: { path: /skiptoken/i }, effect: { kind: 'status' as const, status: 200, body } };
  const { registries, gaps } = await read(
    [a, b, c].flatMap((one) => one ?? []),
    { pageSize: 2, faults: [second] },
  );
  expect({ names: registries.map(({ name }) => name), gaps }).toEqual({ names: ['a', 'b', 'c'], gaps: [] });
});

// Peers' defect 6: only the first page was read.
test('peer defect 6: every page is read', async () => {
  const names = Array.from({ length: 25 }, (_, index) => `shop${String(index).padStart(2, '0')}`);
  const { registries, simulator } = await read(
    names.map((name) => wireRegistry(name)),
    { pageSize: 10 },
  );
  expect(registries.map(({ name }) => name)).toEqual(names);
  expect(simulator.requests.length).toBe(3);
});

describe('a list that breaks is one gap; the pages before it count', () => {
  const two = [wireRegistry('a'), wireRegistry('b')];
  const SECOND = { path: /registries\?/, nth: 2 };
  test.each([
    ['half a body', { kind: 'half' as const }],
    ['a page that is not JSON', { kind: 'broken' as const }],
    ['an error', { kind: 'status' as const, status: 500 }],
    ['a connection that is cut', { kind: 'reset' as const }],
  ])('%s', async (_what, effect) => {
    const { registries, gaps } = await read(two, { pageSize: 1, faults: [{ match: SECOND, effect }] });
    expect(registries.map(({ name }) => name)).toEqual(['a']);
    expect(gaps.map(({ source, scope }) => ({ source, scope }))).toEqual([
      { source: 'registries', scope: `/subscriptions/${SUB}` },
    ]);
  });

  test('a next page on another host is never asked for', async () => {
    const faults = [{ match: { path: /registries\?/ }, effect: { kind: 'nextLink' as const, host: 'evil.example' } }];
    const { registries, gaps, simulator } = await read(two, { faults });
    expect(registries.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(gaps).toEqual([
      {
        source: 'registries',
        scope: `/subscriptions/${SUB}`,
        code: expect.any(String),
        reason: expect.stringContaining(
          'refused to send a request with our token to https://evil.example, which is no host of this Azure cloud',
        ),
      },
    ]);
    expect(simulator.requests.map(({ host }) => host)).toEqual(['management.azure.com']);
  });

  test('a registry that the SDK itself cannot read takes its list with it', async () => {
    const { gaps } = await read([wireRegistry('shop', {}, { sku: undefined })]);
    expect(gaps.map(({ source, scope }) => ({ source, scope }))).toEqual([
      { source: 'registries', scope: `/subscriptions/${SUB}` },
    ]);
  });

  test('a page without a list', async () => {
    const faults = [{ match: SECOND, effect: { kind: 'remove' as const, field: 'value' } }];
    const { gaps } = await read(two, { pageSize: 1, faults });
    expect(gaps.map(({ scope }) => scope)).toEqual([`/subscriptions/${SUB}`]);
  });
});

test('a resource provider that was never registered has no registries', async () => {
  const faults = [missingRegistration(SUB, 'Microsoft.ContainerRegistry')];
  const { registries, gaps } = await read([], { faults });
  expect({ registries, gaps }).toEqual({ registries: [], gaps: [] });
});

describe('429', () => {
  const THROTTLED = { kind: 'status' as const, status: 429 };
  test('with Retry-After is waited for', async () => {
    const faults = [{ match: { times: 1 }, effect: { ...THROTTLED, retryAfter: '0' } }];
    const { registries, gaps, simulator } = await read([wireRegistry('shop')], { faults });
    expect({ names: registries.map(({ name }) => name), gaps }).toEqual({ names: ['shop'], gaps: [] });
    expect(simulator.requests.length).toBe(2);
  });

  test('without Retry-After is waited for too', async () => {
    const { registries, gaps } = await read([wireRegistry('shop')], {
      faults: [{ match: { times: 1 }, effect: THROTTLED }],
    });
    expect({ names: registries.map(({ name }) => name), gaps }).toEqual({ names: ['shop'], gaps: [] });
  });

  test('with an hour to wait is a gap at once', async () => {
    const faults = [{ match: {}, effect: { ...THROTTLED, retryAfter: '3600' } }];
    const { gaps, simulator } = await read([wireRegistry('shop')], { faults });
    expect(gaps.map(({ code, reason }) => ({ code, reason }))).toEqual([
      { code: 'Throttled', reason: expect.stringContaining('Azure asked to wait 3600 s, longer than a sweep waits') },
    ]);
    expect(simulator.requests.length).toBe(1);
  });
});

describe('confirmMissing', () => {
  async function confirm(resources: Parameters<typeof estateOf>[0], options: Parameters<typeof simulated>[1] = {}) {
    const gaps: Gap[] = [];
    const { azure } = simulated(estateOf(resources), options);
    const { deleted, stillThere } = await confirmMissing(azure, [SHOP], gaps);
    return { deleted, stillThere: stillThere.map(({ name }) => name), gaps: gaps.map(({ scope }) => scope) };
  }

  test('a GET that answers 404 proves that it is gone', async () => {
    expect(await confirm([])).toEqual({ deleted: [SHOP], stillThere: [], gaps: [] });
  });
  test('what the list left out is found again', async () => {
    expect(await confirm([wireRegistry('shop')])).toEqual({ deleted: [], stillThere: ['shop'], gaps: [] });
  });
  test.each([403, 500])('a GET that answers %d proves nothing', async (status) => {
    const faults = [{ match: {}, effect: { kind: 'status' as const, status } }];
    expect(await confirm([], { faults })).toEqual({ deleted: [], stillThere: [], gaps: [SHOP] });
  });
  test('404 for the whole subscription proves nothing', async () => {
    const faults = [{ match: {}, effect: { kind: 'status' as const, status: 404, code: 'SubscriptionNotFound' } }];
    expect(await confirm([], { faults })).toEqual({ deleted: [], stillThere: [], gaps: [SHOP] });
  });
});
