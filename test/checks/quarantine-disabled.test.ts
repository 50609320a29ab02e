import { expect, test } from 'vitest';
import { quarantineDisabled } from '../../src/checks/quarantine-disabled.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, registryId } from '../build.ts';
import { told } from './told.ts';

test.each<[string, Partial<Registry>, string[]]>([
  ['as it should be', {}, []],
  ['found', { quarantine: false }, ['shop info']],
  ['Standard has no policy', { quarantine: false, sku: 'Standard' }, []],
  ['nor has Basic', { quarantine: false, sku: 'Basic' }, []],
])('%s', (_, change, expected) => {
  expect(told(quarantineDisabled, { registries: [registry(change)] })).toEqual(expected);
});

test('the whole finding', () => {
  expect(quarantineDisabled.run(input({ registries: [registry({ quarantine: false })] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'Images of shop can be pulled as soon as they are pushed, before a scanner has released them.',
      evidence: { quarantinePolicy: 'disabled' },
      fix: `First set up what releases images, then az resource update --ids ${registryId('shop')} --api-version 2025-11-01 --set properties.policies.quarantinePolicy.status=enabled`,
    },
  ]);
});
