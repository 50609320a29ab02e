import { expect, test } from 'vitest';
import { replicationUnhealthy } from '../../src/checks/replication-unhealthy.ts';
import { input, registry, registryId, replication } from '../build.ts';
import { told } from './told.ts';

test.each<[string, string, string | undefined, string[]]>([
  ['ready', 'Succeeded', 'Ready', []],
  ['syncing', 'Succeeded', 'Syncing', []],
  ['no status', 'Succeeded', undefined, []],
  ['being made', 'Creating', 'Offline', []],
  ['being changed', 'Updating', undefined, []],
  ['being removed', 'Deleting', 'Offline', []],
  ['failed', 'Failed', 'Ready', ['shop [northeurope] high']],
  ['given up', 'Canceled', undefined, ['shop [northeurope] high']],
  ['offline', 'Succeeded', 'Offline', ['shop [northeurope] high']],
])('%s', (_, provisioningState, displayStatus, expected) => {
  const { displayStatus: _ready, ...bare } = replication({ provisioningState });
  const one = { ...bare, ...(displayStatus && { displayStatus }) };
  expect(told(replicationUnhealthy, { registries: [registry()], replications: [one] })).toEqual(expected);
});

test('each replica by itself', () => {
  const replications = [
    replication(),
    replication({ name: 'eastus', location: 'eastus', provisioningState: 'Failed' }),
  ];
  const [hit, ...rest] = replicationUnhealthy.run(input({ registries: [registry()], replications }));
  expect(rest).toEqual([]);
  expect(hit).toMatchObject({
    resourceId: registryId('shop'),
    subject: 'eastus',
    reason: 'The replica of shop in eastus is Failed, Ready: clients that Azure sends there get old images or none.',
    evidence: { location: 'eastus', provisioningState: 'Failed', displayStatus: 'Ready' },
  });
});
