import { expect, test } from 'vitest';
import { replicationUnhealthy } from '../../src/checks/replication-unhealthy.ts';
import { input, registry, registryId, replication, SUB } from '../build.ts';
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

const AWAY = (name: string): string =>
  `az acr replication update --registry shop --subscription ${SUB} --name ${name} --global-endpoint-routing false takes it out of the routing; `;
const ANEW = `az acr replication delete --registry shop --subscription ${SUB} --name northeurope and az acr replication create --registry shop --subscription ${SUB} --location northeurope make it anew`;
const BY_AZURE = "the replica of the home region cannot be made anew: ask Azure's support to mend it";
const EAST = replication({ name: 'eastus' });

test.each([
  ['another region', 'northeurope', [EAST], `${AWAY('northeurope')}${ANEW}`],
  ['the home region, which only goes with the registry', 'westeurope', [EAST], `${AWAY('westeurope')}${BY_AZURE}`],
  ['the only region: there is nowhere else to go', 'westeurope', [], BY_AZURE],
  ['one of two that are both sick', 'northeurope', [{ ...EAST, provisioningState: 'Failed' }], ANEW],
])('what mends %s', (_, name, others, fix) => {
  const replications = [replication({ name, provisioningState: 'Failed' }), ...others];
  const [hit] = replicationUnhealthy.run(input({ registries: [registry({ location: 'West Europe' })], replications }));
  expect(hit?.fix).toBe(fix);
});
