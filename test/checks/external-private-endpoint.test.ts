import { expect, test } from 'vitest';
import { externalPrivateEndpoint } from '../../src/checks/external-private-endpoint.ts';
import { input, OTHER_SUB, registry, registryId, SUB } from '../build.ts';
import { connection, endpointId, told } from './told.ts';

const FABRIKAM = 'ffffffff-0000-0000-0000-000000000009';
const theirs = connection({ endpointId: endpointId('pe-fabrikam', FABRIKAM) });

test.each([
  ['our own subscription', [connection()], [SUB], []],
  [
    'another of ours, which is not swept',
    [connection({ endpointId: endpointId('pe', OTHER_SUB) })],
    [SUB, OTHER_SUB],
    [],
  ],
  ['ids have no letter case', [connection()], [SUB.toUpperCase()], []],
  ["somebody else's", [theirs], [SUB], ['shop [pe-fabrikam] high']],
  [
    "somebody else's that was made anew",
    [{ ...theirs, name: 'shop.old', status: 'Disconnected' as const }, theirs],
    [SUB],
    ['shop [pe-fabrikam] high'],
  ],
  ["somebody else's that is not approved", [{ ...theirs, status: 'Pending' as const }], [SUB], []],
  ['no endpoint', [], [SUB], []],
])('%s', (_, privateEndpointConnections, tenantSubscriptions, expected) => {
  const registries = [registry({ privateEndpointConnections })];
  expect(told(externalPrivateEndpoint, { registries, tenantSubscriptions })).toEqual(expected);
});

test('with a broken list of subscriptions nobody can tell', () => {
  expect(told(externalPrivateEndpoint, { registries: [registry({ privateEndpointConnections: [theirs] })] })).toEqual(
    [],
  );
});

test('names the other subscription', () => {
  const registries = [registry({ privateEndpointConnections: [theirs] })];
  expect(externalPrivateEndpoint.run({ ...input({ registries }), tenantSubscriptions: [SUB] })).toEqual([
    {
      resourceId: registryId('shop'),
      subject: 'pe-fabrikam',
      reason: `The approved private endpoint pe-fabrikam of shop lies in subscription ${FABRIKAM}, which is none of this tenant's that can be seen.`,
      evidence: { endpointId: endpointId('pe-fabrikam', FABRIKAM) },
      fix: `az acr private-endpoint-connection delete --registry-name shop --subscription ${SUB} --name shop.0123 # unless a contract with the owner of ${FABRIKAM} wants it`,
    },
  ]);
});
