import { expect, test } from 'vitest';
import { idleParts } from '../../src/cli/idle.ts';
import type { Cluster } from '../../src/model/estate.ts';
import { registry, registryId, SUB } from '../build.ts';

const ID = `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`;
const AKS: Cluster = { id: ID, name: 'aks', subscriptionId: SUB, clientId: 'app-1' };
const SHOP = { registries: [registry()] };
const TENANT = { registries: [], clusters: [AKS] };
const NO_CLUSTER = 'fits no cluster that was swept';
const NO_REGISTRY = 'fits no registry that was swept';

test.each([
  ['by name', 'AKS', 'Shop', []],
  ['by id', ID.toUpperCase(), registryId('SHOP'), []],
  ['a cluster that is not there', 'aks-typo', 'shop', [NO_CLUSTER]],
  ['a registry that is not there', 'aks', 'gone', [NO_REGISTRY]],
  ['neither is there', 'aks-typo', 'gone', [NO_CLUSTER, NO_REGISTRY]],
])('an integration: %s', (_, cluster, of, expected) => {
  const told = expected.map((why) => `The integration of cluster ${cluster} with registry ${of} ${why}.\n`);
  const integrations = [{ cluster, registry: of }];
  expect(idleParts({ network: [], integrations }, [TENANT, SHOP])).toBe(told.join(''));
});

test.each([
  ['at clusters, since no check asks for them', [{ registries: [] }, SHOP]],
  ['at anything, since the sweep was there before', [{ registries: [] }, { registries: [] }]],
])('nothing is said where nobody looked %s', (_, shards) => {
  expect(idleParts({ network: [], integrations: [{ cluster: 'aks', registry: 'gone' }] }, shards)).toBe('');
});
