import { expect, test } from 'vitest';
import { registryUnreachable } from '../../src/checks/registry-unreachable.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { connection, endpointId, told } from './told.ts';

test.each([
  ['no endpoint at all', registry(), ['shop high']],
  ['an approved one', registry({ privateEndpointConnections: [connection()] }), []],
  [
    'one approved of two',
    registry({ privateEndpointConnections: [connection({ status: 'Rejected' }), connection()] }),
    [],
  ],
  [
    'a rejected one is no way in',
    registry({ privateEndpointConnections: [connection({ status: 'Rejected' })] }),
    ['shop high'],
  ],
  [
    'a lost one is no way in',
    registry({ privateEndpointConnections: [connection({ status: 'Disconnected' })] }),
    ['shop high'],
  ],
  ['selected networks are a way in', registry({ exposure: 'selected-networks' }), []],
  ['public', registry({ exposure: 'public' }), []],
  ['not Premium', registry({ sku: 'Standard' }), []],
])('%s', (_, one, expected) => {
  expect(told(registryUnreachable, { registries: [one] })).toEqual(expected);
});

test('a pending endpoint only has to be approved', () => {
  const shop = registry({ privateEndpointConnections: [connection({ status: 'Pending' })] });
  expect(registryUnreachable.run(input({ registries: [shop] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason:
        'Public network access of shop is disabled and it has no approved private endpoint: nobody can pull from it.',
      evidence: {
        publicNetworkAccess: 'Disabled',
        endpoints: [{ endpointId: endpointId('pe-shop'), status: 'Pending' }],
      },
      fix: `az acr private-endpoint-connection approve --registry-name shop --subscription ${SUB} --name shop.0123`,
    },
  ]);
});

test('without any endpoint the command makes one', () => {
  const [hit] = registryUnreachable.run(input({ registries: [registry()] }));
  expect(hit?.fix).toContain('az network private-endpoint create --name pe-shop --resource-group rg');
});
