import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { credentialRow } from '../../src/publish/rows.ts';
import { input, NOW, password, registry, registryId, SUB, TENANT, token } from '../build.ts';
import { holding, inDays, principal, scopeMap, secret, VAULT, vaulted, vaultSecret } from './builders.ts';

const STAMP = { sweepId: '20261124T060000Z', sweptAt: NOW, environment: 'test', tenantId: TENANT };
const PULLS = scopeMap('pull', 'repositories/*/content/read');

/** What the table of credentials says, in short. */
function rows(facts: Parameters<typeof input>[0]): unknown[] {
  return input({ policy: DEFAULT_POLICY, ...facts }).credentials.map((one) => {
    const { Kind, HolderName, CredentialName, State, ExpiresOn, Grants, RegistryCount, SubscriptionId } = credentialRow(
      one,
      STAMP,
    );
    return [Kind, HolderName, CredentialName, State, ExpiresOn, Grants, RegistryCount, SubscriptionId].join(' | ');
  });
}

test('every kind has its row, fine or not', () => {
  const secrets = [
    secret(inDays(-4), { keyId: 'dead' }),
    secret(inDays(100), { keyId: 'good', startsOn: inDays(-10) }),
    secret(undefined, { keyId: 'cert', kind: 'certificate', displayName: 'CN=ci' }),
    secret(inDays(50), { keyId: 'sign', kind: 'certificate', usage: 'Sign', customKeyIdentifier: 'pair' }),
    secret(inDays(50), { keyId: 'verify', kind: 'certificate', usage: 'Verify', customKeyIdentifier: 'pair' }),
  ];
  expect(rows(holding(secrets))).toEqual([
    `client-secret | ci-push | secret 'gh' of service principal ci-push | expired | ${inDays(-4)} | pull | 1 | `,
    `client-secret | ci-push | secret 'gh' of service principal ci-push | usable | ${inDays(100)} | pull | 1 | `,
    "client-certificate | ci-push | certificate 'CN=ci' of service principal ci-push | usable |  | pull | 1 | ",
    `saml-certificate | ci-push | SAML signing certificate 'gh' of service principal ci-push | usable | ${inDays(50)} | pull | 1 | `,
  ]);
});

test('of a token, a vault and a cache', () => {
  const credentialSets = [
    {
      id: `${registryId('shop')}/credentialSets/hub`,
      name: 'hub',
      registryId: registryId('shop'),
      loginServer: 'docker.io',
      credentials: [{ name: 'Credential1', healthy: false }],
    },
  ];
  const tokens = [
    token({ scopeMapId: PULLS.id, passwords: [password()] }),
    token({ name: 'off', enabled: false, scopeMapId: 'unread', passwords: [password()] }),
  ];
  const copy = vaulted({ expiresOn: inDays(9), enabled: false }, [password(inDays(9))]);
  expect(rows({ ...copy, registries: [registry()], tokens, scopeMaps: [PULLS], credentialSets })).toEqual([
    `token-password | ci | password1 of token ci | usable |  | pull | 1 | ${SUB}`,
    `token-password | off | password1 of token off | disabled |  | unknown | 1 | ${SUB}`,
    `vault-secret | kv1 | secret acr-ci of vault kv1 | disabled | ${inDays(9)} | pull | 1 | ${SUB}`,
    `cache-credential | hub | Credential1 of cache credential set hub | disabled |  | pull | 1 | ${SUB}`,
  ]);
  expect(VAULT).toContain(SUB);
});

test('whoever owns an application is asked about its secret and about the copy', () => {
  const copy = vaultSecret({ holds: { type: 'application', appId: 'app-1' } });
  const registries = [registry({ tags: { owner: 'shop-team' } })];
  const facts = holding([secret(inDays(20))], { registries, vaultSecrets: [copy] });
  expect(input({ policy: DEFAULT_POLICY, ...facts }).credentials.map(({ kind, owners }) => [kind, owners])).toEqual([
    ['client-secret', ['ana@contoso.com']],
    ['vault-secret', ['ana@contoso.com']],
  ]);
});

test.each([
  ['that has none any more', {}],
  ["that is another tenant's", { appOwnerTenantId: 'other' }],
])('a copy opens what the role of its application opens, of one %s', (_, change) => {
  const copy = vaultSecret({ holds: { type: 'application', appId: 'app-1' } });
  const facts = holding([], { servicePrincipals: [principal(change)], vaultSecrets: [copy] });
  expect(rows(facts)).toEqual([`vault-secret | kv1 | secret acr-ci of vault kv1 | usable |  | pull | 1 | ${SUB}`]);
});
