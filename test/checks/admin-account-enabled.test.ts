import { expect, test } from 'vitest';
import { adminAccountEnabled } from '../../src/checks/admin-account-enabled.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

test.each<[string, Partial<Registry>, string[]]>([
  ['off', {}, []],
  ['on', { adminUserEnabled: true }, ['shop high']],
  ['on, in every tier', { adminUserEnabled: true, sku: 'Basic' }, ['shop high']],
  ['on, and private: whoever is inside shares it', { adminUserEnabled: true, exposure: 'private' }, ['shop high']],
  ['on, in ABAC mode', { adminUserEnabled: true, roleAssignmentMode: 'AbacRepositoryPermissions' }, ['shop high']],
])('%s', (_what, change, expected) => {
  expect(told(adminAccountEnabled, { registries: [registry(change)] })).toEqual(expected);
});

test('says what to run', () => {
  expect(adminAccountEnabled.run(input({ registries: [registry({ adminUserEnabled: true })] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'The admin account of shop is enabled: one shared password that may push and never expires.',
      evidence: { adminUserEnabled: true },
      fix: `Give each of its clients an identity or a token of its own; then az acr update --name shop --subscription ${SUB} --admin-enabled false`,
    },
  ]);
});

test('each registry of its own', () => {
  const registries = ['a', 'b', 'c'].map((name) => registry({ name, adminUserEnabled: name !== 'b' }));
  expect(told(adminAccountEnabled, { registries })).toEqual(['a high', 'c high']);
});
