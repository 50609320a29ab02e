import { expect, test } from 'vitest';
import { principalCertificateExpired } from '../../src/checks/principal-certificate-expired.ts';
import { CI, holding, inDays, secret } from '../access/builders.ts';
import { fromNow, input } from '../build.ts';
import { told } from './told.ts';

const DEAD = secret(inDays(-4), { kind: 'certificate' });
const FOUND = `${CI} [certificate/key-1]`;

test.each([
  ['the only one', [DEAD], [`${FOUND} critical`]],
  ['ends now', [{ ...DEAD, expiresOn: fromNow(0) }], [`${FOUND} critical`]],
  ['ends in a second', [{ ...DEAD, expiresOn: fromNow(1) }], []],
  ['a secret lives', [DEAD, secret(inDays(9), { keyId: 'secret' })], [`${FOUND} low`]],
  ['a secret died last', [DEAD, secret(inDays(-1), { keyId: 'secret' })], [`${FOUND} low`]],
  ['a newer certificate lives: superseded', [DEAD, secret(inDays(300), { keyId: 'new', kind: 'certificate' })], []],
  [
    'a SAML pair is never the last',
    [{ ...DEAD, usage: 'Sign' as const, customKeyIdentifier: 'pair' }],
    [`${FOUND} low`],
  ],
])('%s', (_, secrets, expected) => {
  expect(told(principalCertificateExpired, holding(secrets))).toEqual(expected);
});

test('an expired SAML pair took nobody’s access with it', () => {
  const saml = [{ ...DEAD, usage: 'Sign' as const, customKeyIdentifier: 'pair' }];
  expect(principalCertificateExpired.run(input(holding(saml)))).toMatchObject([
    {
      reason:
        "The SAML signing certificate 'gh' of service principal ci-push expired on 2026-11-20 06:00 UTC, and is of no use any more.",
      fix: 'az ad app credential delete --id app-1 --key-id key-1 --cert',
    },
  ]);
});
