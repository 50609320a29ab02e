import { expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { readClusters } from '../../src/collect/clusters.ts';
import type { Gap } from '../../src/model/gap.ts';
import { SUB } from '../build.ts';
import { estateOf, simulated } from '../wire.ts';

function aks(name: string, properties: Wire) {
  // The wire writes resourcegroups and ManagedClusters like this: containerservice/managedClusters-get
  const id = `/subscriptions/${SUB}/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;
  return { id, name, type: 'Microsoft.ContainerService/ManagedClusters', properties };
}

async function read(
  resources: ReturnType<typeof aks>[],
  options: Parameters<typeof simulated>[1] = {},
  denied: { action: string }[] = [],
) {
  const { azure } = simulated(estateOf(resources, { denied }), options);
  const gaps: Gap[] = [];
  return { clusters: await readClusters(azure, SUB, gaps), gaps };
}

const KUBELET = { objectId: 'object', clientId: 'client' };
const OF_KUBELET = { identityProfile: { kubeletidentity: KUBELET } };

test.each([
  [
    'a kubelet identity',
    { identityProfile: { kubeletidentity: KUBELET }, servicePrincipalProfile: { clientId: 'msi' } },
    { kubeletId: 'object' },
  ],
  ['one in other letters', { identityProfile: { kubeletIdentity: KUBELET } }, { kubeletId: 'object' }],
  ['a service principal', { servicePrincipalProfile: { clientId: 'app' } }, { clientId: 'app' }],
])('%s', async (_, properties, expected) => {
  const { clusters, gaps } = await read([aks('aks', properties)]);
  expect(gaps).toEqual([]);
  expect(clusters).toEqual([{ id: aks('aks', {}).id, name: 'aks', subscriptionId: SUB, ...expected }]);
});

test.each([
  ['neither', {}],
  ['managed identities without that of the kubelet', { servicePrincipalProfile: { clientId: 'msi' } }],
  ['an empty one', { identityProfile: { kubeletidentity: { objectId: null } } }],
])('%s is a gap of the cluster; the others are known', async (_, properties) => {
  const { clusters, gaps } = await read([aks('aks', properties), aks('other', OF_KUBELET)]);
  expect(clusters.map(({ name }) => name)).toEqual(['other']);
  expect(gaps).toMatchObject([{ source: 'clusters', scope: aks('aks', {}).id, code: 'UnusableAnswer' }]);
});

test.each(['Creating', 'Failed'])('one that is %s has no nodes yet', async (provisioningState) => {
  const { clusters, gaps } = await read([aks('aks', { provisioningState })]);
  expect({ clusters, gaps }).toEqual({ clusters: [], gaps: [] });
});

test('more than a page', async () => {
  const many = Array.from({ length: 7 }, (_, n) => aks(`aks${n}`, OF_KUBELET));
  expect((await read(many, { pageSize: 3 })).clusters.map(({ name }) => name)).toEqual(many.map(({ name }) => name));
});

const LIST = { path: /managedClusters/ };

test.each([
  [
    'the permission is missing',
    [],
    [{ action: 'Microsoft.ContainerService/managedClusters/read' }],
    'AuthorizationFailed',
  ],
  ['the answer is no JSON', [{ match: LIST, effect: { kind: 'broken' as const } }], [], 'UnusableAnswer'],
  [
    'the answer has no list',
    [{ match: LIST, effect: { kind: 'remove' as const, field: 'value' } }],
    [],
    'UnusableAnswer',
  ],
  [
    'a cluster has no name',
    [{ match: LIST, effect: { kind: 'remove' as const, field: 'name' } }],
    [],
    'UnusableAnswer',
  ],
  [
    'the next page is elsewhere',
    [{ match: LIST, effect: { kind: 'nextLink' as const, host: 'evil.example' } }],
    [],
    'Error',
  ],
])('a gap: %s', async (_, faults, denied, code) => {
  const { gaps } = await read([aks('aks', OF_KUBELET)], { faults }, denied);
  expect(gaps).toMatchObject([{ source: 'clusters', scope: `/subscriptions/${SUB}`, code }]);
});

test('no gap: the resource provider was never registered', async () => {
  const effect = {
    kind: 'status' as const,
    status: 409,
    code: 'MissingSubscriptionRegistration',
    message: 'not registered',
  };
  expect(await read([], { faults: [{ match: LIST, effect }] })).toEqual({ clusters: [], gaps: [] });
});
