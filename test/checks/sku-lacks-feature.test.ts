import { expect, test } from 'vitest';
import { skuLacksFeature } from '../../src/checks/sku-lacks-feature.ts';
import type { Sku } from '../../src/model/estate.ts';
import type { PostureExpectation } from '../../src/model/policy.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { policy } from './told.ts';

test.each<[string, Sku, PostureExpectation, string[]]>([
  ['private on Basic', 'Basic', { exposure: 'private' }, ['private endpoints']],
  ['private on Premium', 'Premium', { exposure: 'private' }, []],
  [
    'selected networks on Standard',
    'Standard',
    { exposure: 'selected-networks', ipRules: ['203.0.113.0/24'] },
    ['network rules'],
  ],
  ['rules alone', 'Standard', { ipRules: ['203.0.113.0/24'] }, ['network rules']],
  ['public on Basic', 'Basic', { exposure: 'public', adminUser: false, armAudienceTokens: false }, []],
  ['no bypass', 'Standard', { bypass: 'None' }, ['network rules without a bypass']],
  ['the bypass that is there anyway', 'Standard', { bypass: 'AzureServices', tasksBypass: false }, []],
  ['no exports', 'Standard', { exportPolicy: 'disabled' }, ['an export policy']],
  ['exports', 'Standard', { exportPolicy: 'enabled' }, []],
  ['data endpoints', 'Standard', { dataEndpoint: true }, ['dedicated data endpoints']],
  ['no data endpoints', 'Standard', { dataEndpoint: false }, []],
  ['anonymous pull on Basic', 'Basic', { anonymousPull: true }, ['anonymous pull']],
  ['anonymous pull on Classic', 'Classic', { anonymousPull: true }, ['anonymous pull']],
  ['anonymous pull on Standard', 'Standard', { anonymousPull: true }, []],
  ['several', 'Basic', { exposure: 'private', dataEndpoint: true }, ['private endpoints', 'dedicated data endpoints']],
])('%s', (_, sku, expect_, lacking) => {
  const facts = {
    registries: [registry({ sku })],
    policy: policy({ network: [{ registry: 'shop', expect: expect_ }] }),
  };
  expect(skuLacksFeature.run(input(facts)).map(({ evidence }) => evidence)).toEqual(
    lacking.length > 0 ? [{ sku, lacking }] : [],
  );
});

test('nothing is expected of it: silent', () => {
  const others = policy({ network: [{ registry: 'other', expect: { exposure: 'private' } }] });
  expect(skuLacksFeature.run(input({ registries: [registry({ sku: 'Basic' })], policy: others }))).toEqual([]);
});

test('names the tier that is enough', () => {
  const wanted = policy({ network: [{ registry: '*', expect: { anonymousPull: true } }] });
  expect(skuLacksFeature.run(input({ registries: [registry({ sku: 'Basic' })], policy: wanted }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'The policy expects anonymous pull of shop, and it is Basic: that begins with Standard.',
      evidence: { sku: 'Basic', lacking: ['anonymous pull'] },
      fix: `az acr update --name shop --subscription ${SUB} --sku Standard, or expect of it what Basic can do`,
    },
  ]);
});
