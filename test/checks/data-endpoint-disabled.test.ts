import { expect, test } from 'vitest';
import { dataEndpointDisabled } from '../../src/checks/data-endpoint-disabled.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { connection, told } from './told.ts';

const OFF = { dataEndpointEnabled: false };

test.each<[string, Partial<Registry>, string[]]>([
  ['on is silent', {}, []],
  ['private', OFF, []],
  ['private with an endpoint', { ...OFF, privateEndpointConnections: [connection()] }, ['shop low']],
  ['selected networks', { ...OFF, exposure: 'selected-networks' }, ['shop low']],
  ['public with an endpoint', { ...OFF, exposure: 'public', privateEndpointConnections: [connection()] }, ['shop low']],
  [
    'public, its endpoint pending',
    { ...OFF, exposure: 'public', privateEndpointConnections: [connection({ status: 'Pending' })] },
    [],
  ],
  ['public', { ...OFF, exposure: 'public' }, []],
  ['not Premium', { ...OFF, sku: 'Standard' }, []],
])('%s', (_, change, expected) => {
  expect(told(dataEndpointDisabled, { registries: [registry(change)] })).toEqual(expected);
});

test('clients are let through first', () => {
  const live = registry({ ...OFF, exposure: 'selected-networks' });
  expect(dataEndpointDisabled.run(input({ registries: [live] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason:
        "shop restricts who reaches it, but hands out layers from *.blob.core.windows.net: its clients' firewalls must allow all of that.",
      evidence: { dataEndpointEnabled: false, exposure: 'selected-networks' },
      fix: `Allow shop.westeurope.data.azurecr.io, and the same of each other region of az acr replication list --registry shop --subscription ${SUB}, in the clients' firewalls; then az acr update --name shop --subscription ${SUB} --data-endpoint-enabled true`,
    },
  ]);
});

test('names are kept before they are asked for', () => {
  const live = registry({ ...OFF, exposure: 'private', privateEndpointConnections: [connection()] });
  const [hit] = dataEndpointDisabled.run(input({ registries: [live] }));
  expect(hit?.fix).toContain("in the clients' firewalls, and keep a record of each in the private DNS zone; then az");
});

test.each<[string, Partial<Registry>, string]>([
  ['a login server with a label', { loginServer: 'shop-e7gg.azurecr.io' }, 'shop-e7gg.westeurope.data.azurecr.io'],
  [
    'another cloud',
    { loginServer: 'shop.azurecr.us', location: 'usgovvirginia' },
    'shop.usgovvirginia.data.azurecr.us',
  ],
  ['a region in words', { location: 'West Europe' }, 'shop.westeurope.data.azurecr.io'],
])('the host is made of the login server: %s', (_, change, host) => {
  const live = registry({ ...OFF, exposure: 'selected-networks', ...change });
  const [hit] = dataEndpointDisabled.run(input({ registries: [live] }));
  expect(hit?.fix).toMatch(`Allow ${host}, `);
});
