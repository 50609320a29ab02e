import { expect, test } from 'vitest';
import { vaultSecretExpiring } from '../../src/checks/vault-secret-expiring.ts';
import {
  assignment,
  CI,
  holding,
  inDays,
  PUSH,
  principal,
  scopeMap,
  secret,
  VAULT,
  vaulted,
  vaultSecret,
} from '../access/builders.ts';
import { fromNow, input, password, registryId, SUB, token } from '../build.ts';
import { told } from './told.ts';

const FOUND = 'kv1 [acr-ci]';

test.each([
  ['30 days and a second', inDays(30, 1), []],
  ['30 days to the second', inDays(30), [`${FOUND} medium`]],
  ['14 days to the second', inDays(14), [`${FOUND} high`]],
  ['3 days to the second', inDays(3), [`${FOUND} critical`]],
  ['now: that is expired', fromNow(0), []],
])('%s left', (_, expiresOn, expected) => {
  expect(told(vaultSecretExpiring, vaulted({ expiresOn }, [password(expiresOn)]))).toEqual(expected);
});

const SOON = { expiresOn: inDays(20) };
const PUSHES = scopeMap('push', 'repositories/*/content/write');

test.each([
  ['no date', vaulted({}, []), []],
  ['disabled', vaulted({ ...SOON, enabled: false }, []), []],
  [
    'a copy of a password that pushes: raised',
    vaulted(SOON, [], {
      vaultedTokens: [token({ scopeMapId: PUSHES.id, passwords: [password()] })],
      vaultedScopeMaps: [PUSHES],
    }),
    [`${FOUND} high`],
  ],
  [
    'a registry that is not known here',
    vaulted({ ...SOON, holds: { type: 'token', registry: 'other', token: 'ci' } }, []),
    [`${FOUND} medium`],
  ],
  [
    'a secret of an application that pushes: raised',
    {
      ...holding([secret(inDays(200))], { roleAssignments: [assignment(PUSH)] }),
      vaultSecrets: [vaultSecret({ ...SOON, holds: { type: 'application', appId: 'app-1' } })],
    },
    [`${FOUND} high`],
  ],
  [
    'a certificate of a token that pushes: raised',
    vaulted(SOON, [], {
      vaultedTokens: [token({ scopeMapId: PUSHES.id, certificates: [{ name: 'certificate1' }] })],
      vaultedScopeMaps: [PUSHES],
    }),
    [`${FOUND} high`],
  ],
  [
    'a certificate of an application that pushes: raised',
    {
      ...holding([secret(inDays(200), { kind: 'certificate' })], { roleAssignments: [assignment(PUSH)] }),
      vaultSecrets: [vaultSecret({ ...SOON, holds: { type: 'application', appId: 'app-1' } })],
    },
    [`${FOUND} high`],
  ],
  [
    "a secret of another tenant's application that pushes: raised",
    {
      ...holding([], { roleAssignments: [assignment(PUSH)] }),
      servicePrincipals: [principal({ appOwnerTenantId: 'other' })],
      vaultSecrets: [vaultSecret({ ...SOON, holds: { type: 'application', appId: 'app-1' } })],
    },
    [`${FOUND} high`],
  ],
])('%s', (_, facts, expected) => {
  expect(told(vaultSecretExpiring, facts)).toEqual(expected);
});

test('the whole finding: renew, store, remove', () => {
  const place = `--name ci --registry shop --subscription ${SUB}`;
  expect(vaultSecretExpiring.run(input(vaulted(SOON, [password(inDays(20))])))).toEqual([
    {
      resourceId: VAULT,
      subject: 'acr-ci',
      reason:
        'The secret acr-ci of vault kv1, a copy of password1 of token ci, which allows pull at shop, expires on 2026-12-14 06:00 UTC.',
      severity: 'medium',
      expiresOn: inDays(20),
      owners: [],
      evidence: {
        vault: 'kv1',
        holds: { type: 'token', registry: 'shop', token: 'ci', password: 'password1' },
        createdOn: inDays(-1),
        expiresOn: inDays(20),
        credentialExpiresOn: inDays(20),
        registries: [registryId('shop')],
      },
      fix: `az acr token credential generate ${place} --password2 --expiration-in-days 90; az keyvault secret set --vault-name kv1 --name acr-ci --file <file with the new value> --expires <end of the new credential> --tags <its tags, which a new version does not keep, with the new one as its password>; then az acr token credential delete ${place} --password1`,
    },
  ]);
});

test('the evidence names who signs in with the copy, and where', () => {
  const copy = vaultSecret({ ...SOON, holds: { type: 'application', appId: 'app-1' } });
  expect(vaultSecretExpiring.run(input(holding([], { vaultSecrets: [copy] })))).toMatchObject([
    { evidence: { identity: CI, registries: [registryId('shop')] } },
  ]);
});

test('a copy of a credential that was replaced is no reason to remove the newest', () => {
  const secrets = [secret(inDays(7)), secret(inDays(300), { keyId: 'new', startsOn: inDays(-3) })];
  const copy = {
    expiresOn: inDays(7),
    createdOn: inDays(-300),
    holds: { type: 'application', appId: 'app-1' } as const,
  };
  const facts = holding(secrets, { vaultSecrets: [vaultSecret(copy)] });
  expect(vaultSecretExpiring.run(input(facts))).toMatchObject([
    {
      evidence: { credentialExpiresOn: inDays(7) },
      fix: "store the newest credential, secret 'gh' of service principal ci-push: az keyvault secret set --vault-name kv1 --name acr-ci --file <file with the new value> --expires 2027-09-20T06:00:00Z --tags <its tags, which a new version does not keep>",
    },
  ]);
});
