import { expect, test } from 'vitest';
import { encryptionWithoutCustomerKey } from '../../src/checks/encryption-without-customer-key.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry, registryId } from '../build.ts';
import { told } from './told.ts';

test.each<[string, Partial<Registry>, string[]]>([
  ['as it should be', {}, []],
  ['found', { customerKey: false }, ['shop info']],
  ['Standard has no choice', { customerKey: false, sku: 'Standard' }, []],
  ['Basic has no choice', { customerKey: false, sku: 'Basic' }, []],
])('%s', (_, change, expected) => {
  expect(told(encryptionWithoutCustomerKey, { registries: [registry(change)] })).toEqual(expected);
});

test('the whole finding', () => {
  expect(encryptionWithoutCustomerKey.run(input({ registries: [registry({ customerKey: false })] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'shop is encrypted with a key that Azure keeps, not with one of your own vault.',
      evidence: { encryption: 'disabled' },
      fix: 'A key can be given only to a new registry: az acr create --name <new name> --resource-group rg --location westeurope --sku Premium --identity <id of an identity> --key-encryption-key <id of the key>, then az acr import what shop holds',
    },
  ]);
});
