import { expect, test } from 'vitest';
import { skuBelowMinimum } from '../../src/checks/sku-below-minimum.ts';
import type { Sku } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { hygiene, told } from './told.ts';

test.each<[Sku, Sku, string[]]>([
  ['Classic', 'Basic', ['shop low']],
  ['Basic', 'Basic', []],
  ['Basic', 'Standard', ['shop low']],
  ['Standard', 'Standard', []],
  ['Standard', 'Premium', ['shop low']],
  ['Premium', 'Premium', []],
])('%s where %s is the least', (sku, minimumSku, expected) => {
  expect(told(skuBelowMinimum, { registries: [registry({ sku })], policy: hygiene({ minimumSku }) })).toEqual(expected);
});

test('the whole finding', () => {
  expect(skuBelowMinimum.run(input({ registries: [registry({ sku: 'Basic' })] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'shop is Basic; the policy wants Standard at the least.',
      evidence: { sku: 'Basic', minimumSku: 'Standard' },
      fix: `az acr update --name shop --subscription ${SUB} --sku Standard`,
    },
  ]);
});
