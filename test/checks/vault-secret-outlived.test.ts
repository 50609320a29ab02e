import { expect, test } from 'vitest';
import { vaultSecretOutlived } from '../../src/checks/vault-secret-outlived.ts';
import type { Facts, Token, VaultContent } from '../../src/model/estate.ts';
import { CI, holding, inDays, principal, secret, vaulted, vaultSecret } from '../access/builders.ts';
import { DAY, fromNow, gap, input, password, registryId } from '../build.ts';
import { told } from './told.ts';

const FOUND = ['kv1 [acr-ci] medium'];
const HOUR = 3600;
const ANY_PASSWORD: VaultContent = { type: 'token', registry: 'shop', token: 'ci' };
const NAMED: VaultContent = { ...ANY_PASSWORD, password: 'certificate1' };
const END = inDays(50);

test.each([
  ['ends with it', END, []],
  ['ends a day later', inDays(51), []],
  ['ends a day and a second later', inDays(51, 1), FOUND],
  ['ends earlier', inDays(40), []],
  ['has no date', undefined, []],
])('the copy %s', (_, expiresOn, expected) => {
  expect(told(vaultSecretOutlived, vaulted({ ...(expiresOn && { expiresOn }) }, [password(END)]))).toEqual(expected);
});

function made(at: number, name = 'password1') {
  return { name, createdOn: fromNow(at), expiresOn: END };
}

test.each([
  ['an hour before the password was made', {}, [made(-DAY + HOUR)], []],
  ['an hour and a second before', {}, [made(-DAY + HOUR + 1)], FOUND],
  ['before the other password, which is the newest that works', {}, [made(-DAY), made(-HOUR, 'password2')], FOUND],
  ['after the other one', {}, [made(-DAY), made(-2 * DAY, 'password2')], []],
  ['before a newer one that has ended', {}, [made(-DAY), { ...made(-HOUR, 'password2'), expiresOn: fromNow(-60) }], []],
  ['before a newer one that starts later', {}, [made(-DAY), made(HOUR, 'password2')], []],
  ['whichever password it is', { holds: ANY_PASSWORD }, [made(-DAY), made(-HOUR, 'password2')], FOUND],
])('stored %s', (_, change, passwords, expected) => {
  expect(told(vaultSecretOutlived, vaulted({ expiresOn: END, ...change }, passwords))).toEqual(expected);
});

test.each([
  ['the last password of a token has ended', { holds: ANY_PASSWORD }, [password(fromNow(-60))], FOUND],
  [
    'it has ended before the copy says so',
    { holds: ANY_PASSWORD, expiresOn: fromNow(DAY - 61) },
    [password(fromNow(-60))],
    [],
  ],
])('%s', (_, change, passwords, expected) => {
  expect(told(vaultSecretOutlived, vaulted({ expiresOn: END, ...change }, passwords))).toEqual(expected);
});

function keyed(name: string, expiresOn: string) {
  return { certificates: [{ name, expiresOn }] };
}

test.each<[string, VaultContent, Partial<Token>, string[]]>([
  ['beside a password', ANY_PASSWORD, { certificates: [made(-HOUR, 'certificate1')] }, []],
  ['that is all there is', ANY_PASSWORD, { passwords: [], ...keyed('certificate1', END) }, []],
  [
    'that is all there is, and ends earlier',
    ANY_PASSWORD,
    { passwords: [], ...keyed('certificate1', inDays(40)) },
    FOUND,
  ],
  ['that the tags name', NAMED, keyed('certificate1', END), []],
  ['that the tags name, and ends earlier', NAMED, keyed('certificate1', inDays(40)), FOUND],
  ['that the tags name, and is not there', NAMED, keyed('certificate2', END), FOUND],
])('a certificate %s', (_, holds, change, expected) => {
  const facts = vaulted({ expiresOn: END, holds }, [made(-DAY)]);
  const vaultedTokens = (facts.vaultedTokens ?? []).map((token) => ({ ...token, ...change }));
  expect(told(vaultSecretOutlived, { ...facts, vaultedTokens })).toEqual(expected);
});

test('a vault that does not say when it was stored', () => {
  const { createdOn: _, ...undated } = vaultSecret({ expiresOn: END });
  const facts = vaulted({}, [made(-DAY), made(-HOUR, 'password2')], { vaultSecrets: [undated] });
  expect(told(vaultSecretOutlived, facts)).toEqual([]);
});

const UNREAD = gap({ source: 'vaultedTokens', scope: registryId('shop') });

test.each([
  ['the password is not there any more', vaulted({}, [password(END, 'password2')]), FOUND],
  ['the token is not there any more', vaulted({}, [], { vaultedTokens: [] }), FOUND],
  ['the tokens could not be read', vaulted({}, [], { vaultedTokens: [], gaps: [UNREAD] }), []],
  ['the registry is not known here', vaulted({ holds: { type: 'token', registry: 'other', token: 'ci' } }, []), []],
  ['by its login server', vaulted({ holds: { type: 'token', registry: 'SHOP.azurecr.io', token: 'ci' } }, []), FOUND],
  ['by its id', vaulted({ holds: { type: 'token', registry: registryId('shop'), token: 'ci' } }, []), FOUND],
  ['the copy is disabled', vaulted({ enabled: false }, []), []],
])('%s', (_, facts, expected) => {
  expect(told(vaultSecretOutlived, facts)).toEqual(expected);
});

const SECRETS = [secret(inDays(20)), secret(END, { keyId: 'new', startsOn: fromNow(-DAY) })];
const CERTIFICATE = secret(END, { kind: 'certificate', keyId: 'cert' });
const SAML = secret(inDays(90), { kind: 'certificate', usage: 'Sign' });

function ofApplication(expiresOn: string, createdOn = fromNow(-DAY), secrets = SECRETS): Partial<Facts> {
  const holds: VaultContent = { type: 'application', appId: 'app-1' };
  return holding(secrets, { vaultSecrets: [vaultSecret({ holds, expiresOn, createdOn })] });
}

test.each([
  ['the newest secret', ofApplication(END), []],
  ['dated later than the newest secret', ofApplication(inDays(60)), FOUND],
  ['stored before the newest secret', ofApplication(END, inDays(-30)), FOUND],
  ['beside a certificate', ofApplication(END, undefined, [...SECRETS, { ...CERTIFICATE, expiresOn: inDays(9) }]), []],
  ['a certificate is all there is', ofApplication(END, undefined, [CERTIFICATE]), []],
  ['dated later than the only certificate', ofApplication(inDays(60), undefined, [CERTIFICATE, SAML]), FOUND],
  [
    'dated later than what is on its principal, where the application could not be read',
    {
      ...ofApplication(inDays(60)),
      applications: [],
      servicePrincipals: [principal({ secrets: SECRETS })],
      gaps: [gap({ source: 'applications', scope: '/' })],
    },
    [],
  ],
  [
    "dated later than what is on its principal, where the application is another tenant's",
    {
      ...ofApplication(inDays(60)),
      applications: [],
      servicePrincipals: [principal({ secrets: SECRETS, appOwnerTenantId: 'other' })],
    },
    [],
  ],
  [
    'dated later than what could be read of it',
    { ...ofApplication(inDays(60)), gaps: [gap({ source: 'applications', scope: `/servicePrincipals/${CI}` })] },
    [],
  ],
  ['of an application without a role at a registry', { ...ofApplication(inDays(60)), roleAssignments: [] }, []],
  ['there is none any more', ofApplication(END, undefined, []), FOUND],
  ['nor an application', { ...ofApplication(END), applications: [] }, FOUND],
  ['a SAML pair is all there is', ofApplication(END, undefined, [SAML]), FOUND],
  ['there is none, nor a role at a registry', { ...ofApplication(END, undefined, []), roleAssignments: [] }, []],
  [
    "there is none to be seen, where the application is another tenant's",
    { ...ofApplication(END), servicePrincipals: [principal({ appOwnerTenantId: 'other' })] },
    [],
  ],
  [
    'there is none to be seen, where one could not be read',
    {
      ...ofApplication(END, undefined, []),
      gaps: [gap({ source: 'applications', scope: `/servicePrincipals/${CI}` })],
    },
    [],
  ],
])('of an application: %s', (_, facts, expected) => {
  expect(told(vaultSecretOutlived, facts)).toEqual(expected);
});

test.each([
  [
    'only the date is wrong',
    vaulted({ expiresOn: inDays(60) }, [password(END)]),
    'is dated until 2027-01-23 06:00 UTC, while the credential ends on 2027-01-13 06:00 UTC',
    'az keyvault secret set-attributes --vault-name kv1 --name acr-ci --expires 2027-01-13T06:00:00Z',
  ],
  [
    'the value is stale',
    vaulted({ expiresOn: END }, [made(-DAY), made(-HOUR, 'password2')]),
    'was stored on 2026-11-23 06:00 UTC, before password2 of ci was made on 2026-11-24 05:00 UTC',
    'store the newest credential, password2 of token ci: az keyvault secret set --vault-name kv1 --name acr-ci --file <file with the new value> --expires 2027-01-13T06:00:00Z --tags <its tags, which a new version does not keep, with password2 as its password>',
  ],
])('what is said and done when %s', (_, facts, why, fix) => {
  expect(vaultSecretOutlived.run(input(facts))).toMatchObject([
    {
      reason: `The secret acr-ci of vault kv1, a copy of password1 of token ci, which allows pull at shop, ${why}.`,
      fix,
    },
  ]);
});

test.each([
  [
    'the token',
    vaulted({ holds: ANY_PASSWORD }, [], { vaultedTokens: [] }),
    'a credential of token ci, outlives it, since the token is not there any more',
  ],
  [
    'the password',
    vaulted({}, [password(END, 'password2')]),
    'password1 of token ci, outlives it, since the token does not have it any more',
  ],
  [
    'every password',
    vaulted({ holds: ANY_PASSWORD }, []),
    'a credential of token ci, outlives it, since the token has none any more',
  ],
  [
    'every secret of an application',
    ofApplication(END, undefined, []),
    'a credential of application app-1, outlives it, since the application has none any more',
  ],
])('what is said when %s is gone', (_, facts, why) => {
  expect(vaultSecretOutlived.run(input(facts))).toMatchObject([
    { reason: `The secret acr-ci of vault kv1, a copy of ${why}.` },
  ]);
});

test('a new certificate is stored before the old one is removed', () => {
  const ended = { ...CERTIFICATE, startsOn: inDays(-90), expiresOn: fromNow(-60) };
  expect(vaultSecretOutlived.run(input(ofApplication(END, undefined, [ended])))).toMatchObject([
    {
      fix: 'az ad app credential reset --id app-1 --append --cert @<new certificate>.pem; az keyvault secret set --vault-name kv1 --name acr-ci --file <file with the new value> --expires <end of the new credential> --tags <its tags, which a new version does not keep>; then az ad app credential delete --id app-1 --key-id cert --cert',
    },
  ]);
});

const OLD = secret(inDays(7), { displayName: 'old' });
const NEW = secret(END, { keyId: 'new', displayName: 'new', startsOn: fromNow(-DAY) });
const STORED = inDays(-300);
const STORE_NEW =
  "store the newest credential, secret 'new' of service principal ci-push: az keyvault secret set --vault-name kv1 --name acr-ci --file <file with the new value> --expires 2027-01-13T06:00:00Z --tags <its tags, which a new version does not keep>";

test.each([
  ['the one that was the newest then', [OLD, NEW], "secret 'old' of service principal ci-push", inDays(7)],
  [
    'the one that was the newest then, which has ended',
    [{ ...OLD, expiresOn: fromNow(-60) }, NEW],
    "secret 'old' of service principal ci-push",
    fromNow(-60),
  ],
  ['one that is not there any more', [NEW], 'a credential of application app-1', null],
])('a copy that was stored before the newest credential was made is of %s', (_, secrets, name, credentialExpiresOn) => {
  expect(vaultSecretOutlived.run(input(ofApplication(END, STORED, secrets)))).toMatchObject([
    { reason: expect.stringContaining(`a copy of ${name}, `), evidence: { credentialExpiresOn }, fix: STORE_NEW },
  ]);
});

test('where nothing works any more, a copy is measured by what ended last', () => {
  const facts = ofApplication(END, STORED, [{ ...NEW, expiresOn: fromNow(-60) }]);
  expect(told(vaultSecretOutlived, facts)).toEqual(FOUND);
});

test('a password that was made anew is stored, not made once more', () => {
  const [hit] = vaultSecretOutlived.run(input(vaulted({ expiresOn: END }, [made(-HOUR)])));
  expect(hit?.fix).toContain('store the newest credential, password1 of token ci: az keyvault secret set ');
  expect(hit?.fix).not.toContain('delete');
});
