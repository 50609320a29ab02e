import { expect, test } from 'vitest';
import { softDeleteDisabled } from '../../src/checks/soft-delete-disabled.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

test.each<[string, Partial<Registry>, string[]]>([
  ['as it should be', { softDelete: true }, []],
  ['found', { softDelete: false }, ['shop low']],
  ['not read', {}, []],
])('%s', (_, change, expected) => {
  expect(told(softDeleteDisabled, { registries: [registry(change)] })).toEqual(expected);
});

test('the whole finding', () => {
  expect(softDeleteDisabled.run(input({ registries: [registry({ softDelete: false })] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'What is deleted from shop is gone at once.',
      evidence: { softDeletePolicy: 'disabled' },
      fix: `az acr config soft-delete update --registry shop --subscription ${SUB} --days 7 --status enabled`,
    },
  ]);
});
