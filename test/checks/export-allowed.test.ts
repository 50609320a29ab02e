import { expect, test } from 'vitest';
import { exportAllowed } from '../../src/checks/export-allowed.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

test.each<[string, Partial<Registry>, string[]]>([
  ['forbidden is silent', {}, []],
  ['private', { exportEnabled: true }, ['shop low']],
  ['Azure takes the policy only where it is private', { exportEnabled: true, exposure: 'selected-networks' }, []],
  ['public', { exportEnabled: true, exposure: 'public' }, []],
  ['not Premium', { exportEnabled: true, sku: 'Standard' }, []],
])('%s', (_, change, expected) => {
  expect(told(exportAllowed, { registries: [registry(change)] })).toEqual(expected);
});

test('says what to run', () => {
  expect(exportAllowed.run(input({ registries: [registry({ exportEnabled: true })] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'shop is private, and its images can be imported into another registry or exported all the same.',
      evidence: { exportPolicy: 'enabled' },
      fix: `Where no other registry imports from it: az acr update --name shop --subscription ${SUB} --allow-exports false`,
    },
  ]);
});
