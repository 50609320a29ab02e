import { expect, test } from 'vitest';
import { cacheCredentialUnhealthy } from '../../src/checks/cache-credential-unhealthy.ts';
import type { CachedCredential } from '../../src/model/estate.ts';
import { input, registry, registryId } from '../build.ts';
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

test('the whole finding: the address of the secret, not its value', () => {
  expect(cacheCredentialUnhealthy.run(input(sets(SICK)))).toEqual([
    {
      resourceId: registryId('shop'),
      subject: 'hub',
      reason: 'Credential set hub of shop does not sign in to docker.io (Credential1: Unauthorized).',
      evidence: { loginServer: 'docker.io', credentials: [SICK] },
      owners: [],
      fix: 'Renew the credential at docker.io; then az keyvault secret set --vault-name kv1 --name hub-token --file <file with the new value> --expires <end of the new credential> --tags <its tags, which a new version does not keep>; the next pull through the cache tries it',
    },
  ]);
});
