import { expect, test } from 'vitest';
import { idleParts } from '../../src/cli/idle.ts';
import type { Cluster } from '../../src/model/estate.ts';
import type { Gap } from '../../src/model/gap.ts';
import type { RegistrySelector } from '../../src/model/policy.ts';
import type { Source } from '../../src/model/source.ts';
import { gap, registry, registryId, SUB } from '../build.ts';

const ID = `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`;
const AKS: Cluster = { id: ID, name: 'aks', subscriptionId: SUB, clientId: 'app-1' };
const report: { gaps: Gap[] } = { gaps: [] };
const SHOP = { report, registries: [registry({ tags: { env: 'prod' } })] };
const TENANT = { report, registries: [], clusters: [AKS] };
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
  ['at clusters, since no check asks for them', [{ report, registries: [] }, SHOP]],
  ['at anything, since the sweep was there before', [{ report, registries: [] }]],
])('nothing is said where nobody looked %s', (_, shards) => {
  expect(idleParts({ network: [], integrations: [{ cluster: 'aks', registry: 'gone' }] }, shards)).toBe('');
});

/** A rule for each. */
function rules(...selectors: RegistrySelector[]) {
  return selectors.map((selector) => ({ ...selector, expect: { adminUser: false } }));
}

test.each<[string, RegistrySelector[], string]>([
  ['that counts', [{ registry: 'Shop' }], ''],
  ['that fits nothing', [{ registry: 'sho' }], 'The network rule for registry: sho fits no registry.\n'],
  [
    'behind another one wherever it fits',
    [{ registry: 'web' }, { tags: { env: 'prod' } }, { registry: 's*' }],
    'The network rule for registry: s* counts for no registry: the one for tags: env=prod comes first, as at shop.\n',
  ],
  ['behind another one where it fits, but not everywhere', [{ tags: { env: 'prod' } }, { registry: '*' }], ''],
])('a rule %s', (_, selectors, expected) => {
  const web = registry({ name: 'web' });
  expect(
    idleParts({ network: rules(...selectors), integrations: [] }, [TENANT, SHOP, { report, registries: [web] }]),
  ).toBe(expected);
});

const NO_RULE = 'The network rule for registry: gone fits no registry.\n';
const NO_PAIR = `The integration of cluster gone with registry gone ${NO_CLUSTER}.\nThe integration of cluster gone with registry gone ${NO_REGISTRY}.\n`;

test.each<[Source, string]>([
  ['subscriptions', ''],
  ['managementGroups', ''],
  ['registries', ''],
  ['clusters', NO_RULE],
  ['privateEndpoints', NO_RULE + NO_PAIR],
])('behind a gap of %s only what it cannot hide is said', (source, expected) => {
  const blind = { ...TENANT, report: { gaps: [gap({ source })] } };
  const policy = { network: rules({ registry: 'gone' }), integrations: [{ cluster: 'gone', registry: 'gone' }] };
  expect(idleParts(policy, [blind, SHOP])).toBe(expected);
});
