import { expect, test } from 'vitest';
import { readReplications } from '../../src/collect/replications.ts';
import type { Gap } from '../../src/model/gap.ts';
import { registry, registryId } from '../build.ts';
import { estateOf, simulated, wireRegistry, wireReplication } from '../wire.ts';

async function read(resources: Parameters<typeof estateOf>[0] = [], change: Parameters<typeof estateOf>[1] = {}) {
  const { azure } = simulated(estateOf([wireRegistry('shop'), ...resources], change));
  const gaps: Gap[] = [];
  return { replications: await readReplications(azure, registry(), gaps), gaps };
}

test('each region with its state; without zones where the wire says nothing', async () => {
  const status = { displayStatus: 'Ready', message: 'ready', timestamp: '2017-03-01T23:15:37.0707808Z' };
  const found = await read([
    wireReplication('westeurope', { provisioningState: 'Succeeded', status, zoneRedundancy: 'Enabled' }),
    wireReplication('eastus', { provisioningState: 'Failed', status: null }),
  ]);
  const common = { registryId: registryId('shop') };
  expect(found).toEqual({
    replications: [
      {
        ...common,
        id: `${registryId('shop')}/replications/westeurope`,
        name: 'westeurope',
        location: 'westeurope',
        provisioningState: 'Succeeded',
        displayStatus: 'Ready',
        zoneRedundant: true,
      },
      {
        ...common,
        id: `${registryId('shop')}/replications/eastus`,
        name: 'eastus',
        location: 'eastus',
        provisioningState: 'Failed',
        zoneRedundant: false,
      },
    ],
    gaps: [],
  });
});

test('a replica without a state is a gap', async () => {
  const { replications, gaps } = await read([wireReplication('eastus', {})]);
  expect(replications).toEqual([]);
  expect(gaps).toMatchObject([{ source: 'replications', scope: registryId('shop'), code: 'UnusableAnswer' }]);
});

test('not permitted is a gap', async () => {
  const action = 'Microsoft.ContainerRegistry/registries/replications/read';
  expect((await read([], { denied: [{ action }] })).gaps).toMatchObject([{ permission: action }]);
});
