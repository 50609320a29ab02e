import { expect, test } from 'vitest';
import { registryWithoutIdentity } from '../../src/checks/registry-without-identity.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

test.each<[string, Partial<Registry>, string[]]>([
  ['as it should be', {}, []],
  ['found', { hasIdentity: false }, ['shop info']],
])('%s', (_, change, expected) => {
  expect(told(registryWithoutIdentity, { registries: [registry(change)] })).toEqual(expected);
});

test('the whole finding', () => {
  expect(registryWithoutIdentity.run(input({ registries: [registry({ hasIdentity: false })] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'shop has no managed identity: what it fetches from elsewhere needs a secret.',
      evidence: { identity: 'None' },
      fix: `az acr identity assign --name shop --subscription ${SUB} --identities [system]`,
    },
  ]);
});
