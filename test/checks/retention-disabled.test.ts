import { expect, test } from 'vitest';
import { retentionDisabled } from '../../src/checks/retention-disabled.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

test.each<[string, Partial<Registry>, string[]]>([
  ['as it should be', {}, []],
  ['found', { retention: false }, ['shop info']],
  ['Standard has no policy', { retention: false, sku: 'Standard' }, []],
  ['Basic has no policy', { retention: false, sku: 'Basic' }, []],
])('%s', (_, change, expected) => {
  expect(told(retentionDisabled, { registries: [registry(change)] })).toEqual(expected);
});

test('the whole finding', () => {
  expect(retentionDisabled.run(input({ registries: [registry({ retention: false })] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'shop keeps manifests that lost their tag forever.',
      evidence: { retentionPolicy: 'disabled' },
      fix: `az acr config retention update --registry shop --subscription ${SUB} --type UntaggedManifests --days 30 --status enabled`,
    },
  ]);
});
