import { expect, test } from 'vitest';
import { principalSecretExpired } from '../../src/checks/principal-secret-expired.ts';
import { application, assignment, CI, holding, inDays, PUSH, principal, secret } from '../access/builders.ts';
import { fromNow, gap, input } from '../build.ts';
import { told } from './told.ts';

const DEAD = secret(inDays(-4));
const FOUND = `${CI} [secret/key-1]`;
const CERTIFICATE = { keyId: 'cert', kind: 'certificate' } as const;

test.each([
  ['ends now', [secret(fromNow(0))], [`${FOUND} critical`]],
  ['ends in a second', [secret(fromNow(1))], []],
  ['the only one', [DEAD], [`${FOUND} critical`]],
  ['end before start', [secret(inDays(-4), { startsOn: inDays(4) })], [`${FOUND} critical`]],
  [
    'both dead: critical on the one that died last',
    [DEAD, secret(inDays(-9), { keyId: 'first' })],
    [`${CI} [secret/first] low`, `${FOUND} critical`],
  ],
  [
    'another one lives and started earlier',
    [DEAD, secret(inDays(9), { keyId: 'old', startsOn: inDays(-900) })],
    [`${FOUND} low`],
  ],
  ['a newer one lives: superseded', [DEAD, secret(inDays(300), { keyId: 'new' })], []],
  ['a certificate lives: one step milder than low', [DEAD, secret(inDays(9), CERTIFICATE)], [`${FOUND} info`]],
  [
    'another one only starts later',
    [DEAD, secret(inDays(300), { keyId: 'next', startsOn: inDays(7) })],
    [`${FOUND} critical`],
  ],
  ['a dead certificate died last', [DEAD, secret(inDays(-1), CERTIFICATE)], [`${FOUND} low`]],
  [
    'a SAML pair does not sign in, so it is not what is left',
    [DEAD, secret(inDays(300), { ...CERTIFICATE, usage: 'Sign', customKeyIdentifier: 'pair' })],
    [`${FOUND} critical`],
  ],
])('%s', (_, secrets, expected) => {
  expect(told(principalSecretExpired, holding(secrets)).sort()).toEqual(expected);
});

test('a federated credential is left: low, whatever it may do, and nothing is lost', () => {
  const left = (federated: string[]) =>
    principalSecretExpired.run(
      input(holding([], { roleAssignments: [assignment(PUSH)], applications: [application([DEAD], { federated })] })),
    );
  const ended =
    "The secret 'gh' of service principal ci-push expired on 2026-11-20 06:00 UTC, and ci-push has no other that works";
  expect(left(['github'])).toMatchObject([
    { severity: 'low', reason: `${ended}. A federated credential of the same holder is in place.` },
  ]);
  expect(left([])).toMatchObject([{ severity: 'critical', reason: `${ended}: pull, push at shop is lost.` }]);
});

const BROKEN = gap({ source: 'applications', scope: '/' });

const FOREIGN = { appOwnerTenantId: 'other' };

test.each([
  ['an application that could not be read may have another secret: not called the last', [BROKEN], {}, 'low'],
  ["nor is it where the application is another tenant's", [], FOREIGN, 'low'],
  ['there is no application', [], {}, 'critical'],
])('on its own object: %s', (_, gaps, change, severity) => {
  const facts = holding([], { servicePrincipals: [principal({ secrets: [DEAD], ...change })], applications: [], gaps });
  expect(told(principalSecretExpired, facts)).toEqual([`${FOUND} ${severity}`]);
});

test.each([
  ['applications', `/servicePrincipals/${CI}`, 'low'],
  ['servicePrincipals', `/servicePrincipals/${CI}`, 'low'],
  ['applications', '/servicePrincipals/another', 'critical'],
  // Where the list broke later, this application came all the same, with all that it has.
  ['applications', '/', 'critical'],
] as const)('some credentials in %s of %s could not be read: %s', (source, scope, severity) => {
  const facts = holding([], { applications: [application([DEAD])], gaps: [gap({ source, scope })] });
  expect(told(principalSecretExpired, facts)).toEqual([`${FOUND} ${severity}`]);
});

test('Azure compares application ids without regard to letter case', () => {
  const facts = holding([], { applications: [application([DEAD], { appId: 'APP-1' })] });
  expect(told(principalSecretExpired, facts)).toEqual([`${FOUND} critical`]);
});
