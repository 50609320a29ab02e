import { describe, expect, test } from 'vitest';
import { publicNetworkAccessEnabled } from '../../src/checks/public-network-access-enabled.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { policy, told } from './told.ts';

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

test('Premium: two ways to close it', () => {
  expect(publicNetworkAccessEnabled.run(input({ registries: [registry(OPEN)] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason:
        'shop accepts clients from every network: public network access is Enabled and the default action is Allow.',
      evidence: { sku: 'Premium', publicNetworkAccess: 'Enabled', defaultAction: 'Allow', ipRules: [] },
      fix: `az acr update --name shop --subscription ${SUB} --public-network-enabled false (private endpoints only), or az acr update --name shop --subscription ${SUB} --default-action Deny with narrow network rules`,
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
