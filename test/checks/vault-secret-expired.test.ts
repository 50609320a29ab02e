import { expect, test } from 'vitest';
import { vaultSecretExpired } from '../../src/checks/vault-secret-expired.ts';
import { inDays, vaulted } from '../access/builders.ts';
import { fromNow, password } from '../build.ts';
import { told } from './told.ts';

test.each([
  ['ends now', { expiresOn: fromNow(0) }, ['kv1 [acr-ci] high']],
  ['ended', { expiresOn: inDays(-4) }, ['kv1 [acr-ci] high']],
  ['ends in a second', { expiresOn: fromNow(1) }, []],
  ['no date', {}, []],
  ['disabled', { expiresOn: inDays(-4), enabled: false }, []],
])('%s', (_, copy, expected) => {
  expect(told(vaultSecretExpired, vaulted(copy, [password()]))).toEqual(expected);
});
