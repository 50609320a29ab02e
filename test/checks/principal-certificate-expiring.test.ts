import { expect, test } from 'vitest';
import { principalCertificateExpiring } from '../../src/checks/principal-certificate-expiring.ts';
import { assignment, CI, holding, inDays, PUSH, principal, secret } from '../access/builders.ts';
import { input } from '../build.ts';
import { told } from './told.ts';

const CERTIFICATE = secret(inDays(20), { kind: 'certificate', usage: 'Verify' });
const FOUND = `${CI} [certificate/key-1]`;

test.each([
  ['20 days', [CERTIFICATE], {}, [`${FOUND} medium`]],
  ['30 days and a second', [{ ...CERTIFICATE, expiresOn: inDays(30, 1) }], {}, []],
  ['it pushes: raised', [CERTIFICATE], { roleAssignments: [assignment(PUSH)] }, [`${FOUND} high`]],
  [
    'a secret beside it changes nothing',
    [CERTIFICATE, secret(inDays(200), { keyId: 'secret' })],
    {},
    [`${FOUND} medium`],
  ],
  ['a newer certificate', [CERTIFICATE, secret(inDays(200), { keyId: 'new', kind: 'certificate' })], {}, []],
  ['a secret is none', [secret(inDays(20))], {}, []],
])('%s', (_, secrets, change, expected) => {
  expect(told(principalCertificateExpiring, holding(secrets, change))).toEqual(expected);
});

const SAML = [
  secret(inDays(2), { keyId: 'sign', kind: 'certificate', usage: 'Sign', customKeyIdentifier: 'pair' }),
  secret(inDays(2), { keyId: 'verify', kind: 'certificate', usage: 'Verify', customKeyIdentifier: 'pair' }),
  secret(inDays(2), { keyId: 'password', customKeyIdentifier: 'pair' }),
];

test('a SAML pair with its password is one finding of its Sign key, and low whatever the principal may do', () => {
  const facts = holding([], { roleAssignments: [assignment(PUSH)], servicePrincipals: [principal({ secrets: SAML })] });
  expect(principalCertificateExpiring.run(input(facts))).toMatchObject([
    {
      subject: 'certificate/sign',
      severity: 'low',
      reason:
        "The SAML signing certificate 'gh' of service principal ci-push expires on 2026-11-26 06:00 UTC; single sign-on depends on it, signing in to registries does not.",
    },
  ]);
});

test('a Verify key of another pair is a credential of its own', () => {
  const other = secret(inDays(20), {
    keyId: 'own',
    kind: 'certificate',
    usage: 'Verify',
    customKeyIdentifier: 'other',
  });
  expect(told(principalCertificateExpiring, holding([...SAML, other]))).toEqual([
    `${CI} [certificate/own] medium`,
    `${CI} [certificate/sign] low`,
  ]);
});

test('the commands renew before they remove', () => {
  const [hit] = principalCertificateExpiring.run(input(holding([CERTIFICATE])));
  expect(hit?.fix).toBe(
    'az ad app credential reset --id app-1 --append --cert @<new certificate>.pem; install the new certificate; then az ad app credential delete --id app-1 --key-id key-1 --cert',
  );
});

test('the name of a service principal does not leave the quotes of a command', () => {
  const displayName = `O'Neill's "app"; rm -rf ~`;
  const facts = holding([], { servicePrincipals: [principal({ displayName, secrets: SAML })] });
  const [hit] = principalCertificateExpiring.run(input(facts));
  expect(hit?.fix).toContain(
    String.raw`--body '{"displayName":"CN=O'\''Neill'\''s \"app\"; rm -rf ~"}'; hand the new certificate`,
  );
});
