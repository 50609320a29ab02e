import { expect, test } from 'vitest';
import { vaultSecretWithoutExpiry } from '../../src/checks/vault-secret-without-expiry.ts';
import type { VaultContent } from '../../src/model/estate.ts';
import { inDays, vaulted } from '../access/builders.ts';
import { fromNow, input, password, SUB } from '../build.ts';
import { told } from './told.ts';

test.each([
  ['no date', {}, ['kv1 [acr-ci] medium']],
  ['a date', { expiresOn: inDays(900) }, []],
  ['disabled', { enabled: false }, []],
])('%s', (_, copy, expected) => {
  expect(told(vaultSecretWithoutExpiry, vaulted(copy, [password()]))).toEqual(expected);
});

test.each([
  [
    'ends: its end is the date',
    inDays(50),
    'az keyvault secret set-attributes --vault-name kv1 --name acr-ci --expires 2027-01-13T06:00:00Z',
  ],
  [
    'never ends: renewed with an end first',
    undefined,
    `az acr token credential generate --name ci --registry shop --subscription ${SUB} --password2 --expiration-in-days 90; az keyvault secret set --vault-name kv1 --name acr-ci --file <file with the new value> --expires <end of the new credential> --tags <its tags, which a new version does not keep, with the new one as its password>; then az acr token credential delete --name ci --registry shop --subscription ${SUB} --password1`,
  ],
])('the credential %s', (_, expiresOn, fix) => {
  expect(vaultSecretWithoutExpiry.run(input(vaulted({}, [password(expiresOn)])))[0]?.fix).toBe(fix);
});

test('a value that was replaced is given no date: the newest is stored', () => {
  const passwords = [password(inDays(9)), { ...password(inDays(50), 'password2'), createdOn: fromNow(-60) }];
  for (const [named, tags] of [
    [{ password: 'password1' }, ', with password2 as its password'],
    [{}, ''],
  ] as const) {
    const holds: VaultContent = { type: 'token', registry: 'shop', token: 'ci', ...named };
    const [hit] = vaultSecretWithoutExpiry.run(input(vaulted({ holds }, passwords)));
    expect(hit?.fix).toBe(
      `store the newest credential, password2 of token ci: az keyvault secret set --vault-name kv1 --name acr-ci --file <file with the new value> --expires 2027-01-13T06:00:00Z --tags <its tags, which a new version does not keep${tags}>`,
    );
  }
});
