import { expect, test } from 'vitest';
import { principalSecretExpiring } from '../../src/checks/principal-secret-expiring.ts';
import {
  AT_SUBSCRIPTION,
  application,
  assignment,
  CI,
  GROUP,
  group,
  holding,
  inDays,
  PULL,
  PUSH,
  principal,
  registries,
  secret,
} from '../access/builders.ts';
import { DAY, fromNow, input, registryId, TENANT } from '../build.ts';
import { told } from './told.ts';

const SOON = secret(inDays(20));
const FOUND = `${CI} [secret/key-1]`;

test.each([
  ['30 days and a second', inDays(30, 1), []],
  ['30 days to the second', inDays(30), [`${FOUND} medium`]],
  ['14 days to the second', inDays(14), [`${FOUND} high`]],
  ['3 days to the second', inDays(3), [`${FOUND} critical`]],
  ['now: that is expired', fromNow(0), []],
  ['no end', undefined, []],
])('%s left', (_, expiresOn, expected) => {
  expect(told(principalSecretExpiring, holding([secret(expiresOn)]))).toEqual(expected);
});

// Without `federated`: it could not be read.
const UNREAD = { id: 'object-1', appId: 'app-1', displayName: 'ci-push', secrets: [SOON] };
const GROUP_PULLS = assignment(PULL, { principalId: GROUP, principalType: 'Group' });

test.each([
  ['opens no registry', { roleAssignments: [] }, []],
  ['pushes: raised', { roleAssignments: [assignment(PUSH)] }, [`${FOUND} high`]],
  ['10 registries', { registries: registries(10), roleAssignments: [AT_SUBSCRIPTION] }, [`${FOUND} medium`]],
  ['11 registries: raised', { registries: registries(11), roleAssignments: [AT_SUBSCRIPTION] }, [`${FOUND} high`]],
  ['only through a group', { roleAssignments: [GROUP_PULLS], groups: [group([CI])] }, [`${FOUND} medium`]],
  ['its group has others', { roleAssignments: [GROUP_PULLS], groups: [group([])] }, []],
  [
    'kept on the service principal',
    { applications: [], servicePrincipals: [principal({ secrets: [SOON] })] },
    [`${FOUND} medium`],
  ],
  [
    'a managed identity is left out',
    { servicePrincipals: [principal({ servicePrincipalType: 'ManagedIdentity' })] },
    [],
  ],
  ['another tenant keeps its own', { servicePrincipals: [principal({ appOwnerTenantId: 'other' })] }, []],
  [
    "but not what is on its application's service principal here",
    { applications: [], servicePrincipals: [principal({ appOwnerTenantId: 'other', secrets: [SOON] })] },
    [`${FOUND} medium`],
  ],
  [
    'our own tenant, in other letters',
    { servicePrincipals: [principal({ appOwnerTenantId: TENANT.toUpperCase() })] },
    [`${FOUND} medium`],
  ],
  ['disabled', { servicePrincipals: [principal({ enabled: false })] }, []],
  [
    'a federated credential is in place: low',
    { applications: [application([SOON], { federated: ['github'] })] },
    [`${FOUND} low`],
  ],
  [
    'a federated credential makes even one that pushes low',
    { roleAssignments: [assignment(PUSH)], applications: [application([SOON], { federated: ['github'] })] },
    [`${FOUND} low`],
  ],
  ['federated credentials that could not be read change nothing', { applications: [UNREAD] }, [`${FOUND} medium`]],
])('%s', (_, change, expected) => {
  expect(told(principalSecretExpiring, { ...holding([SOON]), ...change })).toEqual(expected);
});

const CERTIFICATE = secret(inDays(200), { keyId: 'cert', kind: 'certificate' });

test.each([
  ['a certificate that ends later: one step', [SOON, CERTIFICATE], [`${FOUND} low`]],
  ['one that ends earlier is no help', [SOON, { ...CERTIFICATE, expiresOn: inDays(19) }], [`${FOUND} medium`]],
  ['one that starts later is no help yet', [SOON, { ...CERTIFICATE, startsOn: inDays(1) }], [`${FOUND} medium`]],
  ['a newer secret supersedes it', [SOON, secret(inDays(200), { keyId: 'new', startsOn: fromNow(-DAY) })], []],
  [
    'a newer one that ends earlier does not',
    [SOON, secret(inDays(19), { keyId: 'new', startsOn: fromNow(-DAY) })],
    [`${FOUND} medium`, `${CI} [secret/new] medium`],
  ],
  ['the application proxy keeps its own', [{ ...SOON, displayName: 'CWAP_AuthSecret' }], []],
  [
    'the password of a SAML pair',
    [
      { ...SOON, customKeyIdentifier: 'pair' },
      { ...CERTIFICATE, usage: 'Sign' as const, customKeyIdentifier: 'pair' },
    ],
    [],
  ],
  [
    '500 secrets that end one after another',
    Array.from({ length: 500 }, (_, n) => secret(inDays(40 + n), { keyId: `key-${n}` })),
    [],
  ],
])('beside it: %s', (_, secrets, expected) => {
  expect(told(principalSecretExpiring, holding(secrets)).sort()).toEqual(expected);
});

test('the whole finding: one for the holder, with every registry and each way', () => {
  const facts = holding([SOON], {
    registries: registries(2),
    roleAssignments: [
      assignment(PULL, { scope: registryId('shop0'), condition: "StringEquals 'app'" }),
      { ...AT_SUBSCRIPTION, principalId: GROUP, principalType: 'Group' },
    ],
    groups: [group([CI])],
  });
  expect(principalSecretExpiring.run(input(facts))).toEqual([
    {
      resourceId: `/servicePrincipals/${CI}`,
      subject: 'secret/key-1',
      reason:
        "The secret 'gh' of service principal ci-push expires on 2026-12-14 06:00 UTC; it allows pull at 2 registries.",
      severity: 'medium',
      expiresOn: inDays(20),
      owners: ['ana@contoso.com'],
      evidence: {
        holder: 'ci-push',
        appId: 'app-1',
        credential: 'gh',
        startsOn: inDays(20 - 365),
        expiresOn: inDays(20),
        grants: ['pull'],
        registries: [registryId('shop0'), registryId('shop1')],
        through: [
          'AcrPull at registry shop0, under a condition',
          'AcrPull at subscription Prod, through group sg-robots',
        ],
      },
      fix: 'az ad app credential reset --id app-1 --append --end-date 2027-11-24; hand the new secret out; then az ad app credential delete --id app-1 --key-id key-1 (a federated credential or a managed identity would need no secret)',
    },
  ]);
});

test('a secret on the service principal has commands of its own, and a federated credential is the way out', () => {
  const facts = holding([], {
    servicePrincipals: [principal({ secrets: [SOON] })],
    applications: [application([], { federated: ['github'] })],
  });
  const [hit] = principalSecretExpiring.run(input(facts));
  expect(hit?.fix).toBe(
    `let the clients sign in with the federated credential of ci-push; then az ad sp credential delete --id ${CI} --key-id key-1`,
  );
});
