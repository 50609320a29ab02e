import { expect, test } from 'vitest';
import { replicaRegionNotAllowed } from '../../src/checks/replica-region-not-allowed.ts';
import { input, registry, registryId, replication, SUB } from '../build.ts';
import { hygiene, told } from './told.ts';

const HOME = replication({ name: 'westeurope' });
const US = replication({ name: 'eastus', location: 'East US' });

test.each([
  ['everything is allowed', [], [HOME, US], []],
  ['both are allowed', ['West Europe', 'eastus'], [HOME, US], []],
  ['a replica is not', ['westeurope'], [HOME, US], ['shop [East US] medium']],
  ['the home region is not, and is told once', ['northeurope'], [HOME, replication()], ['shop [westeurope] medium']],
  ['the home region of a registry without replicas', ['northeurope'], [], ['shop [westeurope] medium']],
])('%s', (_, allowedRegions, replications, expected) => {
  expect(
    told(replicaRegionNotAllowed, { registries: [registry()], replications, policy: hygiene({ allowedRegions }) }),
  ).toEqual(expected);
});

test('a replica can be removed', () => {
  const facts = { registries: [registry()], replications: [US], policy: hygiene({ allowedRegions: ['westeurope'] }) };
  expect(replicaRegionNotAllowed.run(input(facts))).toEqual([
    {
      resourceId: registryId('shop'),
      subject: 'East US',
      reason: 'shop is kept in East US, which the policy does not allow.',
      evidence: { location: 'East US', home: false },
      fix: `az acr replication delete --registry shop --subscription ${SUB} --name eastus`,
    },
  ]);
});
