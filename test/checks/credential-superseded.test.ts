import { expect, test } from 'vitest';
import { credentialSuperseded } from '../../src/checks/credential-superseded.ts';
import { assignment, CI, holding, inDays, PUSH, principal, secret } from '../access/builders.ts';
import { input, password, registry, SUB, token } from '../build.ts';
import { told } from './told.ts';

const OLD = secret(inDays(20));
const NEW = secret(inDays(300), { keyId: 'new' });
const FOUND = `${CI} [secret/key-1]`;

test.each([
  ['inside the ladder', [OLD, NEW], {}, [`${FOUND} low`]],
  ['outside the ladder', [secret(inDays(30, 1)), NEW], {}, []],
  ['expired', [secret(inDays(-20)), NEW], {}, [`${FOUND} low`]],
  ['it pushes: raised', [OLD, NEW], { roleAssignments: [assignment(PUSH)] }, [`${FOUND} medium`]],
  ['the newer one never ends', [OLD, secret(undefined, { keyId: 'new', startsOn: inDays(-1) })], {}, [`${FOUND} low`]],
  ['the other one started at the same time', [OLD, { ...NEW, startsOn: inDays(20 - 365) }], {}, []],
  ['the other one ends at the same time', [OLD, { ...NEW, expiresOn: inDays(20) }], {}, []],
  ['the newer one starts later', [OLD, { ...NEW, startsOn: inDays(1) }], {}, []],
  ['the newer one is dead too', [secret(inDays(-20)), secret(inDays(-1), { keyId: 'new' })], {}, []],
  ['a newer certificate is another kind', [OLD, { ...NEW, kind: 'certificate' as const }], {}, []],
  ['disabled', [OLD, NEW], { servicePrincipals: [principal({ enabled: false })] }, []],
  [
    'a chain of three: each old one',
    [OLD, secret(inDays(25), { keyId: 'middle' }), NEW],
    {},
    [`${FOUND} low`, `${CI} [secret/middle] low`],
  ],
])('%s', (_, secrets, change, expected) => {
  expect(told(credentialSuperseded, holding(secrets, change))).toEqual(expected);
});

test('of a token: which one replaces it, and how it is removed', () => {
  const old = { name: 'password1', createdOn: inDays(-300), expiresOn: inDays(7) };
  const tokens = [token({ passwords: [old, password(inDays(90), 'password2')] })];
  expect(credentialSuperseded.run(input({ registries: [registry()], tokens }))).toMatchObject([
    {
      subject: 'ci/password1',
      severity: 'low',
      reason: 'The password1 of token ci, which expires on 2026-12-01 06:00 UTC, is superseded by ci/password2.',
      fix: `once every client uses ci/password2: az acr token credential delete --name ci --registry shop --subscription ${SUB} --password1`,
    },
  ]);
});

test.each([
  [
    'works until its end',
    { expiresOn: inDays(7) },
    'once every client uses secret/new: az ad app credential delete --id app-1 --key-id key-1',
  ],
  ['has ended', { expiresOn: inDays(-7) }, 'az ad app credential delete --id app-1 --key-id key-1'],
  [
    'signs assertions, and may be the active one though it has ended',
    { expiresOn: inDays(-7), kind: 'certificate' as const, usage: 'Sign' as const },
    'once every client uses certificate/new and it is the active one: az ad app credential delete --id app-1 --key-id key-1 --cert',
  ],
])('nobody loses what still is in use: one that %s', (_, change, fix) => {
  const facts = holding([
    { ...OLD, ...change },
    { ...NEW, ...change, keyId: 'new', expiresOn: inDays(300) },
  ]);
  expect(credentialSuperseded.run(input(facts))).toMatchObject([{ fix }]);
});

const YEARS = [200, 300, 300].map((days, index) =>
  secret(inDays(days), { keyId: `new-${index}`, startsOn: inDays(days - 365) }),
);

test.each([
  ['as they were made', [0, 1, 2]],
  ['backwards', [2, 1, 0]],
])('the newest is named, whatever order Graph has today: %s', (_, order) => {
  const facts = holding([OLD, ...order.flatMap((index) => YEARS[index] ?? [])]);
  expect(credentialSuperseded.run(input(facts))).toMatchObject([{ evidence: { supersededBy: 'secret/new-2' } }]);
});

test('passwords of two tokens do not replace each other', () => {
  const old = { name: 'password1', createdOn: inDays(-300), expiresOn: inDays(7) };
  const tokens = [token({ passwords: [old] }), token({ name: 'other', passwords: [password(inDays(90))] })];
  expect(told(credentialSuperseded, { registries: [registry()], tokens })).toEqual([]);
});
