import { describe, expect, test } from 'vitest';
import { arm, failure, fieldOf, REGISTRY, SUB, simulatorOf } from '../../ask.ts';

/** What the registries' neighbours answer: clusters, endpoints, DNS, vaults, Defender plans. */
const RG = `/subscriptions/${SUB}/resourceGroups/rg-shop`;
const ENDPOINT = `${RG}/providers/Microsoft.Network/privateEndpoints/pe-shop`;
const ZONE = `${RG}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
const registry = { id: REGISTRY, sku: { name: 'Premium' }, properties: {} };

test.each([
  [
    'managed clusters of a subscription, whose ids are spelt their own way',
    `/subscriptions/${SUB}/providers/Microsoft.ContainerService/managedClusters?api-version=2025-08-01`,
    {
      id: `/subscriptions/${SUB}/resourcegroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/aks`,
      type: 'Microsoft.ContainerService/ManagedClusters',
    },
  ],
  [
    'vaults of a subscription',
    `/subscriptions/${SUB}/providers/Microsoft.KeyVault/vaults?api-version=2024-11-01`,
    { id: `${RG}/providers/Microsoft.KeyVault/vaults/kv1`, type: 'Microsoft.KeyVault/vaults' },
  ],
  ['credential sets of a registry', `${REGISTRY}/credentialSets`, { id: `${REGISTRY}/credentialSets/dockerhub` }],
  ['cache rules of a registry', `${REGISTRY}/cacheRules`, { id: `${REGISTRY}/cacheRules/alpine` }],
  ['replications of a registry', `${REGISTRY}/replications`, { id: `${REGISTRY}/replications/westeurope` }],
  [
    'diagnostic settings of a registry',
    `${REGISTRY}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview`,
    {
      id: `${REGISTRY}/providers/microsoft.insights/diagnosticSettings/logs`,
      properties: { workspaceId: '', logs: [{ categoryGroup: 'allLogs', enabled: true }] },
    },
  ],
  [
    'zone groups of a private endpoint',
    `${ENDPOINT}/privateDnsZoneGroups?api-version=2024-05-01`,
    { id: `${ENDPOINT}/privateDnsZoneGroups/default` },
  ],
  [
    'A records of a zone',
    `${ZONE}/A?api-version=2024-06-01`,
    { id: `${ZONE}/A/shop`, properties: { fqdn: 'shop.privatelink.azurecr.io.' } },
  ],
])('%s', async (_name, path, resource) => {
  const simulator = simulatorOf({ resources: [registry, { id: ENDPOINT }, { id: ZONE }, resource] });
  expect((await arm(simulator, path)).body).toEqual({ value: [resource] });
});

test.each([
  ['a private endpoint', ENDPOINT],
  ['a network interface', `${RG}/providers/Microsoft.Network/networkInterfaces/pe-shop.nic.1`],
  ['a private DNS zone', ZONE],
])('%s by its id, in any letter case', async (_name, id) => {
  const resource = { id, location: 'global', properties: { provisioningState: 'Succeeded' } };
  const simulator = simulatorOf({ resources: [resource] });
  expect((await arm(simulator, `${id.toLowerCase()}?api-version=2024-06-01`)).body).toEqual(resource);
});

describe('all records of a zone', () => {
  const record = (type: string, name: string) => ({ id: `${ZONE}/${type}/${name}`, name, properties: {} });
  const list = (simulator: ReturnType<typeof simulatorOf>) => arm(simulator, `${ZONE}/ALL?api-version=2024-06-01`);

  test('of every type, with the SOA record that a zone has from birth', async () => {
    const simulator = simulatorOf({ resources: [{ id: ZONE }, record('TXT', 'note'), record('A', 'shop')] });
    expect(fieldOf(await list(simulator), 'id')).toEqual([`${ZONE}/SOA/@`, `${ZONE}/A/shop`, `${ZONE}/TXT/note`]);
  });

  test("the estate's own SOA record takes its place", async () => {
    const simulator = simulatorOf({ resources: [{ id: ZONE }, record('SOA', '@')] });
    expect((await list(simulator)).body).toEqual({ value: [record('SOA', '@')] });
  });

  test('403 without the right, 404 without the zone', async () => {
    const denied = [{ action: 'Microsoft.Network/privateDnsZones/ALL/read', scope: RG }];
    expect(failure(await list(simulatorOf({ resources: [{ id: ZONE }], denied })))).toEqual([
      403,
      'AuthorizationFailed',
    ]);
    expect(failure(await list(simulatorOf({ resources: [registry] })))).toEqual([404, 'ParentResourceNotFound']);
  });
});

describe('Defender plans', () => {
  const PLANS = `/subscriptions/${SUB}/providers/Microsoft.Security/pricings`;
  const bought = { id: `${PLANS}/Containers`, name: 'Containers', properties: { pricingTier: 'Standard' } };
  const free = {
    id: `${PLANS}/KeyVaults`,
    name: 'KeyVaults',
    type: 'Microsoft.Security/pricings',
    properties: { pricingTier: 'Free', freeTrialRemainingTime: 'P30D', enforce: 'False' },
  };
  const simulator = simulatorOf({ resources: [bought] });

  test('one that nobody bought is there, and free', async () => {
    const names = fieldOf(await arm(simulator, `${PLANS}?api-version=2024-01-01`), 'name');
    expect(names).toEqual(['Containers', ...names.slice(1)]);
    expect(names).toHaveLength(12);
    expect(new Set(names)).toContain('KeyVaults');
  });

  test('by name and by filter', async () => {
    expect((await arm(simulator, `${PLANS}/containers?api-version=2024-01-01`)).body).toEqual(bought);
    expect((await arm(simulator, `${PLANS}/KeyVaults?api-version=2024-01-01`)).body).toEqual(free);
    const filter = encodeURIComponent('name in (KeyVaults,Containers)');
    const { body } = await arm(simulator, `${PLANS}?api-version=2024-01-01&$filter=${filter}`);
    expect(body).toEqual({ value: [bought, free] });
  });

  test.each([
    ['an unknown plan', `${PLANS}/Nope`, [], [404, 'ResourceNotFound']],
    ['another filter', `${PLANS}?$filter=x`, [], [400, 'InvalidFilter']],
    ['no right', PLANS, [{ action: 'Microsoft.Security/pricings/read' }], [403, 'AuthorizationFailed']],
  ])('%s', async (_name, path, denied, expected) => {
    const answer = await arm(simulatorOf({ denied }), `${path}${path.includes('?') ? '&' : '?'}api-version=2024-01-01`);
    expect(failure(answer)).toEqual(expected);
  });
});
