import { describe, expect, test } from 'vitest';
import { registryUnreachable } from '../../src/checks/registry-unreachable.ts';
import type { PostureChange } from '../../src/model/change.ts';
import { type CheckInput, needsAt } from '../../src/model/check.ts';
import type { Registry } from '../../src/model/estate.ts';
import type { Memory } from '../../src/model/memory.ts';
import { gap, input, registry, registryId, SUB } from '../build.ts';
import { connection, endpointId, told } from './told.ts';

const FIREWALL: Partial<Registry> = { publicNetworkAccess: 'Enabled', exposure: 'selected-networks' };

const CHANGE: PostureChange = {
  changeId: 'c1',
  registryId: registryId('shop'),
  property: 'exposure',
  before: 'public',
  after: 'selected-networks',
  changedBy: 'omar@contoso.com',
  changedByType: 'User',
  client: '',
  operation: '',
  correlationId: '',
  changedAt: '2026-11-24T04:30:00.000Z',
  source: 'resource-graph',
};

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
  ['selected networks are a way in', registry({ ...FIREWALL, ipRules: ['192.0.2.0/24'] }), []],
  ['a firewall without any rule lets in nobody', registry(FIREWALL), ['shop high']],
  ['nor do the services that bypass it', registry({ ...FIREWALL, networkRuleBypass: 'AzureServices' }), ['shop high']],
  ['an approved endpoint beside it does', registry({ ...FIREWALL, privateEndpointConnections: [connection()] }), []],
  [
    'one that lost its endpoint does not',
    registry({ ...FIREWALL, privateEndpointConnections: [connection({ status: 'Disconnected' })] }),
    ['shop high'],
  ],
  ['public', registry({ exposure: 'public' }), []],
  ['not Premium', registry({ sku: 'Standard' }), []],
])('%s', (_, one, expected) => {
  expect(told(registryUnreachable, { registries: [one] })).toEqual(expected);
});

test('what usages would tell counts only where they decide', () => {
  const needs = (change: Partial<Registry>) => needsAt(registryUnreachable, registry(change));
  const open = { ...FIREWALL, ipRules: ['192.0.2.0/24'] };
  const behind = { privateEndpointConnections: [connection()] };
  expect([{}, open, { ...FIREWALL, ...behind }].map(needs)).toEqual([['registries'], ['registries'], ['registries']]);
  expect(needs(FIREWALL)).toEqual(['registries', 'usages']);
  expect(needsAt(registryUnreachable, undefined)).toEqual(['registries', 'usages']);
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

const ENDPOINT = `az network private-endpoint create --name pe-shop --resource-group rg --subscription ${SUB} --subnet <id of the clients' subnet> --private-connection-resource-id ${registryId('shop')} --group-id registry --connection-name shop && az network private-endpoint dns-zone-group create --endpoint-name pe-shop --resource-group rg --subscription ${SUB} --name default --zone-name privatelink-azurecr-io --private-dns-zone <id of the zone privatelink.azurecr.io>`;

test('without any endpoint the command makes one, with its DNS', () => {
  const [hit] = registryUnreachable.run(input({ registries: [registry()] }));
  expect(hit?.fix).toBe(ENDPOINT);
});

test('a firewall without rules: a rule mends it, or an endpoint', () => {
  expect(registryUnreachable.run(input({ registries: [registry(FIREWALL)] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason:
        'The default action of shop is Deny, and it has neither a network rule nor an approved private endpoint: its clients get 403, and nobody can pull from it.',
      evidence: { defaultAction: 'Deny', ipRules: [], endpoints: [] },
      fix: `az acr network-rule add --name shop --subscription ${SUB} --ip-address <network of its clients>, or ${ENDPOINT}`,
    },
  ]);
});

describe('rules for subnets, which only the usages tell of', () => {
  const subnets = (currentValue: number): Partial<CheckInput> => ({
    usages: [{ registryId: registryId('shop'), name: 'VNetRules', limit: 100, currentValue, unit: 'Count' }],
  });
  const unread = (scope: string): Partial<CheckInput> => ({ gaps: [gap({ source: 'usages', scope })] });
  test.each<[string, Partial<Registry>, Partial<CheckInput>, string[]]>([
    ['none', FIREWALL, subnets(0), ['shop high']],
    ['one lets in its subnet', FIREWALL, subnets(1), []],
    ['may be there unseen', FIREWALL, unread(registryId('shop')), []],
    ['of another registry could not be read', FIREWALL, unread(registryId('pay')), ['shop high']],
    ['do not count while public access is off', {}, subnets(1), ['shop high']],
    ['nor does it matter then that they could not be read', {}, unread(registryId('shop')), ['shop high']],
  ])('%s', (_, change, facts, expected) => {
    expect(told(registryUnreachable, { registries: [registry(change)], ...facts })).toEqual(expected);
  });
});

test.each([
  ['whoever took the last rule away', '2026-11-24T05:30:00.000Z', 'ana@contoso.com'],
  ['whoever made a firewall of it since then', '2026-11-24T03:30:00.000Z', 'omar@contoso.com'],
  ['whoever took it away in a sweep of which no record is there yet', undefined, 'ana@contoso.com'],
])('behind it is %s', (_, changedAt, changedBy) => {
  const { changedAt: _at, ...unrecorded } = CHANGE;
  const between = { from: '2026-11-24T05:00:00.000Z', to: '2026-11-24T06:00:00.000Z' };
  const when = changedAt ? { changedAt } : { between };
  const rules = { ...unrecorded, changedBy: 'ana@contoso.com', ...when };
  const remembered: Memory = new Map([
    [registryId('shop').toLowerCase(), { lastChanges: { exposure: CHANGE, ipRules: rules } }],
  ]);
  const [hit] = registryUnreachable.run({ ...input({ registries: [registry(FIREWALL)] }), remembered });
  expect(hit?.changedBy).toBe(changedBy);
});
