import { expect, test } from 'vitest';
import { trustedServicesBypass } from '../../src/checks/trusted-services-bypass.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, SUB } from '../build.ts';
import { told } from './told.ts';

test.each<[string, Partial<Registry>, string[]]>([
  ['closed is silent', { exposure: 'private' }, []],
  ['private', { exposure: 'private', networkRuleBypass: 'AzureServices' }, ['shop low']],
  ['selected networks', { exposure: 'selected-networks', networkRuleBypass: 'AzureServices' }, ['shop low']],
  ['public has nothing to bypass', { exposure: 'public', networkRuleBypass: 'AzureServices' }, []],
  ['Standard has no rules', { exposure: 'private', sku: 'Standard', networkRuleBypass: 'AzureServices' }, []],
  ['Basic has no rules', { exposure: 'private', sku: 'Basic', networkRuleBypass: 'AzureServices' }, []],
])('%s', (_, change, expected) => {
  expect(told(trustedServicesBypass, { registries: [registry(change)] })).toEqual(expected);
});

test('says what to run', () => {
  const shop = registry({ networkRuleBypass: 'AzureServices' });
  expect(trustedServicesBypass.run(input({ registries: [shop] }))).toEqual([
    {
      resourceId: shop.id,
      reason: 'Services that Azure trusts reach shop past its network rules.',
      evidence: { networkRuleBypassOptions: 'AzureServices', exposure: 'private' },
      fix: `Give the services that need it a private endpoint; then az acr update --name shop --subscription ${SUB} --allow-trusted-services false`,
    },
  ]);
});
