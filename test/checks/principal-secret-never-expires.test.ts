import { expect, test } from 'vitest';
import { principalSecretNeverExpires } from '../../src/checks/principal-secret-never-expires.ts';
import { application, assignment, CI, holding, inDays, PUSH, principal, secret } from '../access/builders.ts';
import { told } from './told.ts';

const ENDLESS = secret(undefined, { startsOn: inDays(-900) });
const FOUND = `${CI} [secret/key-1]`;

test.each([
  ['no end', {}, [`${FOUND} medium`]],
  ['it pushes: raised', { roleAssignments: [assignment(PUSH)] }, [`${FOUND} high`]],
  [
    'a federated credential is in place',
    { applications: [application([ENDLESS], { federated: ['github'] })] },
    [`${FOUND} low`],
  ],
  ['an end', { applications: [application([secret(inDays(3650))])] }, []],
  [
    'a certificate without an end',
    { applications: [application([{ ...ENDLESS, kind: 'certificate' as const }])] },
    [`${CI} [certificate/key-1] medium`],
  ],
  [
    'a SAML pair without an end: it does not sign in',
    { applications: [application([{ ...ENDLESS, kind: 'certificate' as const, usage: 'Sign' as const }])] },
    [`${CI} [certificate/key-1] low`],
  ],
  ['disabled', { servicePrincipals: [principal({ enabled: false })] }, []],
  [
    'superseded, and found all the same',
    { applications: [application([ENDLESS, secret(undefined, { keyId: 'new', startsOn: inDays(-9) })])] },
    [`${FOUND} medium`, `${CI} [secret/new] medium`],
  ],
])('%s', (_, change, expected) => {
  expect(told(principalSecretNeverExpires, holding([ENDLESS], change))).toEqual(expected);
});
