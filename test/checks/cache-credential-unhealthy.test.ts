import { expect, test } from 'vitest';
import { cacheCredentialUnhealthy } from '../../src/checks/cache-credential-unhealthy.ts';
import type { CachedCredential } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

const WELL: CachedCredential = { name: 'Credential1', healthy: true };
const SICK: CachedCredential = {
  name: 'Credential1',
  healthy: false,
  errorCode: 'Unauthorized',
  secretUrl: 'https://kv1.vault.azure.net/secrets/hub-token/0123',
};

function sets(...credentials: CachedCredential[]) {
  const own = {
    id: `${registryId('shop')}/credentialSets/hub`,
    name: 'hub',
    registryId: registryId('shop').toUpperCase(),
  };
  return { registries: [registry()], credentialSets: [{ ...own, loginServer: 'docker.io', credentials }] };
}

test.each([
  ['it works', [WELL], []],
  ['it does not', [SICK], ['shop [hub] medium']],
  ['one of two does not', [WELL, { ...SICK, name: 'Credential2' }], ['shop [hub] medium']],
  ['none at all', [], []],
])('%s', (_, credentials, expected) => {
  expect(told(cacheCredentialUnhealthy, sets(...credentials))).toEqual(expected);
});

test('of a registry that is out of scope: silent', () => {
  expect(told(cacheCredentialUnhealthy, { ...sets(SICK), registries: [registry({ name: 'other' })] })).toEqual([]);
});

const RENEW =
  'renew the credential at docker.io; then az keyvault secret set --vault-name kv1 --name hub-token --file <file with the new value> --expires <end of the new credential> --tags <its tags, which a new version does not keep>';
const PERMIT = `let the credential set read the secret: az role assignment create --role "Key Vault Secrets User" --assignee-object-id <its identity: az acr credential-set show --registry shop --subscription ${SUB} --name hub --query identity.principalId> --assignee-principal-type ServicePrincipal --scope <id of the vault kv1>`;

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

test.each([
  ['the vault turned the registry away: the right comes first', 'KeyVaultAccessDenied', PERMIT, RENEW],
  ['the source turned it away: the credential comes first', 'Unauthorized', RENEW, PERMIT],
])('%s', (_, errorCode, first, second) => {
  const [hit] = cacheCredentialUnhealthy.run(input(sets({ ...SICK, errorCode })));
  expect(hit?.fix).toBe(`${capital(first)}; the next pull through the cache tries it. If that does not do, ${second}`);
});

test('the whole finding: the address of the secret, not its value', () => {
  expect(cacheCredentialUnhealthy.run(input(sets(SICK)))).toEqual([
    {
      resourceId: registryId('shop'),
      subject: 'hub',
      reason: 'Credential set hub of shop does not sign in to docker.io (Credential1: Unauthorized).',
      evidence: { loginServer: 'docker.io', credentials: [SICK] },
      owners: [],
      fix: `${capital(RENEW)}; the next pull through the cache tries it. If that does not do, ${PERMIT}`,
    },
  ]);
});
