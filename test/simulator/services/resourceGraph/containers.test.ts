import { expect, test } from 'vitest';
import { SUB, simulatorOf } from '../../ask.ts';
import { OTHER, registry, rows } from './queries.ts';

test('resourcecontainers: empty subscriptions too, with the groups above them', async () => {
  const simulator = simulatorOf({
    subscriptions: [
      { subscriptionId: SUB, displayName: 'Prod' },
      { subscriptionId: OTHER, displayName: 'Empty' },
    ],
    managementGroups: {
      root: { parent: null, subscriptions: [OTHER] },
      prod: { parent: 'root', subscriptions: [SUB] },
    },
    resources: [registry('shop')],
  });
  expect(await rows(simulator, 'ResourceContainers | project type, name | order by type asc, name asc')).toEqual([
    { type: 'microsoft.management/managementgroups', name: 'prod' },
    { type: 'microsoft.management/managementgroups', name: 'root' },
    { type: 'microsoft.resources/subscriptions', name: 'Empty' },
    { type: 'microsoft.resources/subscriptions', name: 'Prod' },
    { type: 'microsoft.resources/subscriptions/resourcegroups', name: 'RG-Shop' },
  ]);
  const chain = "resourcecontainers | where name == 'Prod' | project chain = properties.managementGroupAncestorsChain";
  expect(await rows(simulator, chain)).toEqual([
    {
      chain: [
        { name: 'prod', displayName: 'prod' },
        { name: 'root', displayName: 'root' },
      ],
    },
  ]);
});
