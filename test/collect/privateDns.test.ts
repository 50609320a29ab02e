import { describe, expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { privateDns } from '../../src/collect/privateDns.ts';
import { seldom, seldomKey } from '../../src/collect/seldom.ts';
import type { Registry } from '../../src/model/estate.ts';
import type { Gap } from '../../src/model/gap.ts';
import { fromNow, registry, registryId, SUB } from '../build.ts';
import { connection, endpointId } from '../checks/told.ts';
import { estateOf, noMemory, simulated } from '../wire.ts';

const ZONE = `/subscriptions/${SUB}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
const FABRIKAM = 'ffffffff-0000-0000-0000-000000000009';

function wireEndpoint(name: string, customDnsConfigs: Wire[] = []) {
  const id = endpointId(name);
  return {
    id,
    name,
    type: 'Microsoft.Network/privateEndpoints',
    location: 'westeurope',
    properties: { customDnsConfigs },
  };
}

function wireGroup(endpoint: string, ...zones: string[]) {
  return {
    id: `${endpointId(endpoint)}/privateDnsZoneGroups/default`,
    name: 'default',
    type: 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    properties: {
      privateDnsZoneConfigs: zones.map((privateDnsZoneId) => ({ name: 'zone', properties: { privateDnsZoneId } })),
    },
  };
}

function wireZone(...records: string[]) {
  const zone = {
    id: ZONE,
    name: 'privatelink.azurecr.io',
    type: 'Microsoft.Network/privateDnsZones',
    location: 'global',
    properties: {},
  };
  const sets = records.map((name) => ({
    id: `${ZONE}/A/${name}`,
    name,
    type: 'Microsoft.Network/privateDnsZones/A',
    properties: { ttl: 10, aRecords: name === 'empty' ? [] : [{ ipv4Address: '10.0.0.4' }] },
  }));
  return [zone, ...sets];
}

async function read(
  resources: Parameters<typeof estateOf>[0],
  registries: Registry[],
  change: Parameters<typeof estateOf>[1] = {},
  memory = noMemory(),
) {
  const { azure, simulator } = simulated(estateOf(resources, change));
  const gaps: Gap[] = [];
  const dns = privateDns(azure, memory, gaps);
  for (const one of registries) await dns.read(one);
  return { endpoints: dns.endpoints, zones: dns.zones, gaps, simulator };
}

const shop = registry({ privateEndpointConnections: [connection()] });
const web = registry({
  name: 'web',
  privateEndpointConnections: [connection({ name: 'web.1', endpointId: endpointId('pe-web') })],
});

test('an endpoint, its zone and the records that resolve', async () => {
  const { endpoints, zones, gaps } = await read(
    [wireEndpoint('pe-shop'), wireGroup('pe-shop', ZONE), ...wireZone('shop', 'shop.westeurope.data', 'empty')],
    [shop],
  );
  expect({ endpoints, zones, gaps }).toEqual({
    endpoints: [
      {
        id: endpointId('pe-shop'),
        registryId: registryId('shop'),
        customDnsNames: [],
        zoneIds: [ZONE],
        zoneGroup: 'default',
      },
    ],
    zones: [{ id: ZONE, records: ['shop', 'shop.westeurope.data'] }],
    gaps: [],
  });
});

test('names that somebody else resolves', async () => {
  const { endpoints } = await read(
    [wireEndpoint('pe-shop', [{ fqdn: 'shop.azurecr.io', ipAddresses: ['10.0.0.4'] }])],
    [shop],
  );
  expect(endpoints).toMatchObject([{ customDnsNames: ['shop.azurecr.io'], zoneIds: [] }]);
});

test('a zone is read once, however many registries stand in it; other zones not at all', async () => {
  const other = ZONE.replace('azurecr.io', 'blob.core.windows.net');
  const { zones, gaps, simulator } = await read(
    [
      wireEndpoint('pe-shop'),
      wireGroup('pe-shop', ZONE.toLowerCase(), other),
      wireEndpoint('pe-web'),
      wireGroup('pe-web', ZONE),
      ...wireZone('shop', 'web'),
    ],
    [shop, web],
  );
  expect({ zones: zones.length, gaps }).toEqual({ zones: 1, gaps: [] });
  expect(simulator.requests).toHaveLength(5);
});

test.each(['Pending', 'Rejected', 'Disconnected'] as const)('an endpoint that is %s is not read', async (status) => {
  const { simulator } = await read([], [registry({ privateEndpointConnections: [connection({ status })] })]);
  expect(simulator.requests).toEqual([]);
});

test('a foreign endpoint is a gap that blinds the registry', async () => {
  const endpoint = endpointId('pe-fabrikam', FABRIKAM);
  const { endpoints, gaps } = await read(
    [],
    [registry({ privateEndpointConnections: [connection({ endpointId: endpoint })] })],
  );
  expect(endpoints).toEqual([]);
  expect(gaps).toMatchObject([{ source: 'privateEndpoints', scope: endpoint, blinds: [registryId('shop')] }]);
});

test('unreadable zone groups leave the endpoint without zones, not with none', async () => {
  const action = 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read';
  const { endpoints, gaps } = await read([wireEndpoint('pe-shop')], [shop], { denied: [{ action }] });
  expect(endpoints).toEqual([{ id: endpointId('pe-shop'), registryId: registryId('shop'), customDnsNames: [] }]);
  expect(gaps).toMatchObject([
    { source: 'privateDnsZoneGroups', scope: endpointId('pe-shop'), permission: action, blinds: [registryId('shop')] },
  ]);
});

test('an unreadable zone is one gap that blinds every endpoint and every registry behind it', async () => {
  const action = 'Microsoft.Network/privateDnsZones/A/read';
  const { zones, gaps } = await read(
    [
      wireEndpoint('pe-shop'),
      wireGroup('pe-shop', ZONE),
      wireEndpoint('pe-web'),
      wireGroup('pe-web', ZONE),
      ...wireZone(),
    ],
    [shop, web],
    { denied: [{ action }] },
  );
  expect(zones).toEqual([]);
  expect(gaps).toMatchObject([
    {
      source: 'privateDnsRecords',
      scope: ZONE,
      blinds: [registryId('shop'), endpointId('pe-shop'), registryId('web'), endpointId('pe-web')],
    },
  ]);
});

describe('a zone that a group names and that is not there', () => {
  const behind = (zone: string) => [wireEndpoint('pe-shop'), wireGroup('pe-shop', zone)];
  const inGroup = { ...wireZone()[0], id: ZONE.replace('privatelink.azurecr.io', 'other.zone'), name: 'other.zone' };
  test.each([
    ['was deleted', [...behind(ZONE), inGroup]],
    ['was deleted with its resource group', behind(ZONE)],
  ])('%s: without any record, and no gap', async (_what, resources) => {
    const { zones, gaps } = await read(resources, [shop]);
    expect({ zones, gaps }).toEqual({ zones: [{ id: ZONE, records: [], isGone: true }], gaps: [] });
  });

  test.each([
    ['in a subscription that cannot be seen', behind(ZONE.replace(SUB, FABRIKAM)), {}, 'SubscriptionNotFound'],
    [
      'where records may not be read',
      behind(ZONE),
      { denied: [{ action: 'Microsoft.Network/privateDnsZones/A/read' }] },
      'AuthorizationFailed',
    ],
  ])('%s is a gap', async (_what, resources, change, code) => {
    const { zones, gaps } = await read(resources, [shop], change);
    expect({ zones, codes: gaps.map((gap) => gap.code) }).toEqual({ zones: [], codes: [code] });
  });
});

describe('a zone that is remembered, behind a registry that is newer', () => {
  const made = registry({ ...web, createdOn: fromNow(-60) });
  const resources = [
    wireEndpoint('pe-shop'),
    wireGroup('pe-shop', ZONE),
    wireEndpoint('pe-web'),
    wireGroup('pe-web', ZONE),
    ...wireZone('shop'),
  ];
  function remembered() {
    const before = {
      [seldomKey('privateDnsRecords', ZONE)]: { readAt: fromNow(-3600), value: ['shop', 'web'] },
    };
    return seldom({ before, now: fromNow(0), changedAt: new Map() });
  }

  test('is read again for both', async () => {
    const { zones } = await read(resources, [shop, made], {}, remembered());
    expect(zones).toEqual([{ id: ZONE, records: ['shop'] }]);
  });

  test('is unknown to both where it cannot be read', async () => {
    const denied = [{ action: 'Microsoft.Network/privateDnsZones/A/read' }];
    const { zones, gaps } = await read(resources, [shop, made], { denied }, remembered());
    expect(zones).toEqual([]);
    expect(gaps.map(({ blinds }) => blinds)).toEqual([
      [registryId('shop'), endpointId('pe-shop'), registryId('web'), endpointId('pe-web')],
    ]);
  });

  test('is read anew by the next sweep when it pages about either', async () => {
    const memory = remembered();
    await read(resources, [shop, web], {}, memory);
    const left = [shop, web].map(({ id }) => memory.toRemember(new Set([seldomKey('privateDnsRecords', id)])));
    expect(left.map((one) => Object.keys(one).includes(seldomKey('privateDnsRecords', ZONE)))).toEqual([false, false]);
  });
});
