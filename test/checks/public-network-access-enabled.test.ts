import { describe, expect, test } from 'vitest';
import { publicNetworkAccessEnabled } from '../../src/checks/public-network-access-enabled.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, OTHER_SUB, registry, registryId, SUB } from '../build.ts';
import { connection, endpointId, policy, told } from './told.ts';

const OPEN: Partial<Registry> = { publicNetworkAccess: 'Enabled', defaultAction: 'Allow', exposure: 'public' };

describe('by exposure and tier', () => {
  test.each<[string, Partial<Registry>, string[]]>([
    ['private', {}, []],
    ['selected networks', { publicNetworkAccess: 'Enabled', exposure: 'selected-networks' }, []],
    // Peers' defect 3
    [
      'peer defect 3: Deny is not public',
      { publicNetworkAccess: 'Enabled', defaultAction: 'Deny', exposure: 'selected-networks' },
      [],
    ],
    ['peer defect 3: Disabled is not public, whatever the default action', { defaultAction: 'Allow' }, []],
    ['Premium', OPEN, ['shop high']],
    // Peers' defect 5: settings of Premium were asked of Basic and Standard
    ['peer defect 5: Standard cannot be closed', { ...OPEN, sku: 'Standard' }, ['shop medium']],
    ['peer defect 5: Basic cannot be closed', { ...OPEN, sku: 'Basic' }, ['shop medium']],
  ])('%s', (_what, change, expected) => {
    expect(told(publicNetworkAccessEnabled, { registries: [registry(change)] })).toEqual(expected);
  });
});

const ON = `--name shop --subscription ${SUB}`;
const ENDPOINT = `az network private-endpoint create --name pe-shop --resource-group rg --subscription ${SUB} --subnet <id of the clients' subnet> --private-connection-resource-id ${registryId('shop')} --group-id registry --connection-name shop && az network private-endpoint dns-zone-group create --endpoint-name pe-shop --resource-group rg --subscription ${SUB} --name default --zone-name privatelink-azurecr-io --private-dns-zone <id of the zone privatelink.azurecr.io>`;
const SHUT = `az acr update ${ON} --public-network-enabled false (private endpoints only)`;
const ADD = `az acr network-rule add ${ON} --ip-address <each network of its clients>`;
const DENY = `az acr update ${ON} --default-action Deny`;

test('Premium: two ways to close it', () => {
  expect(publicNetworkAccessEnabled.run(input({ registries: [registry(OPEN)] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason:
        'shop accepts clients from every network: public network access is Enabled and the default action is Allow.',
      evidence: { sku: 'Premium', publicNetworkAccess: 'Enabled', defaultAction: 'Allow', ipRules: [] },
      fix: `${ENDPOINT} && ${SHUT}, or ${ADD} && ${DENY}`,
    },
  ]);
});

test('rules that let everybody in are named', () => {
  const ipRules = ['0.0.0.0/1', '128.0.0.0/1'];
  const [hit] = publicNetworkAccessEnabled.run(
    input({ registries: [registry({ ...OPEN, defaultAction: 'Deny', ipRules })] }),
  );
  expect(hit?.reason).toBe(
    'shop accepts clients from every network: its IP rules 0.0.0.0/1, 128.0.0.0/1 together cover every address.',
  );
});

describe('whoever is meant is let in before the others are shut out', () => {
  const remove = (range: string): string => `az acr network-rule remove ${ON} --ip-address ${range}`;
  const STRANGE = endpointId('pe').replace(SUB, OTHER_SUB);
  const halves = ['0.0.0.0/1', '128.0.0.0/1', '198.51.100.0/24'];
  const waiting = `az acr private-endpoint-connection approve --registry-name shop --subscription ${SUB} --name shop.0123`;
  test.each<[string, Partial<Registry>, string]>([
    ['an approved endpoint is there', { privateEndpointConnections: [connection()] }, `${SHUT}, or ${ADD} && ${DENY}`],
    [
      'one that waits is approved',
      { privateEndpointConnections: [connection({ status: 'Pending' })] },
      `${waiting} && ${SHUT}, or ${ADD} && ${DENY}`,
    ],
    [
      "one of another subscription may be a stranger's",
      { privateEndpointConnections: [connection({ status: 'Pending', endpointId: STRANGE })] },
      `${ENDPOINT} && ${SHUT}, or ${ADD} && ${DENY}`,
    ],
    [
      'behind Deny it is the rules for everybody that go',
      { defaultAction: 'Deny', ipRules: halves },
      `${ENDPOINT} && ${SHUT}, or ${ADD} && ${remove('0.0.0.0/1')} && ${remove('128.0.0.0/1')}`,
    ],
    [
      'beside Allow they go too, since Deny alone would change nothing',
      { ipRules: ['0.0.0.0/0'] },
      `${ENDPOINT} && ${SHUT}, or ${ADD} && ${remove('0.0.0.0/0')} && ${DENY}`,
    ],
    [
      'below Premium the tier comes first',
      { sku: 'Basic' },
      `az acr update ${ON} --sku Premium; then ${ENDPOINT} && ${SHUT}, or ${ADD} && ${DENY}`,
    ],
  ])('%s', (_what, change, fix) => {
    const [hit] = publicNetworkAccessEnabled.run(input({ registries: [registry({ ...OPEN, ...change })] }));
    expect(hit?.fix).toBe(fix);
  });
});

test('below Premium the advice is Premium', () => {
  const [hit] = publicNetworkAccessEnabled.run(input({ registries: [registry({ ...OPEN, sku: 'Basic' })] }));
  expect(hit).toMatchObject({
    severity: 'medium',
    reason: 'shop accepts clients from every network; restricting them needs Premium, and it is Basic.',
    fix: expect.stringContaining('--sku Premium'),
  });
});

test.each<[string, Partial<Registry>, string, string[]]>([
  ['is expected', OPEN, 'shop', ['shop info']],
  ['is expected of another registry', OPEN, 'pay', ['shop high']],
  ['is expected, Basic', { ...OPEN, sku: 'Basic' }, 'sh*', ['shop info']],
])('public %s', (_what, change, pattern, expected) => {
  const network = [{ registry: pattern, expect: { exposure: 'public' as const } }];
  expect(told(publicNetworkAccessEnabled, { registries: [registry(change)], policy: policy({ network }) })).toEqual(
    expected,
  );
});
