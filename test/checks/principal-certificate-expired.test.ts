import { expect, test } from 'vitest';
import { principalCertificateExpired } from '../../src/checks/principal-certificate-expired.ts';
import { CI, holding, inDays, secret } from '../access/builders.ts';
import { fromNow } from '../build.ts';
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
