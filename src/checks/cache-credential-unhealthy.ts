import { ownersOf } from '../access/owners.ts';
import { storing } from '../access/rotation.ts';
import type { Check } from '../model/check.ts';

/** The registry cannot sign in to the one that it caches from: new tags do not arrive, and anonymous limits apply. */
export const cacheCredentialUnhealthy: Check = {
  id: 'cache-credential-unhealthy',
  title: 'Cache credential does not work',
  category: 'credentials',
  severity: 'medium',
  needs: ['registries', 'credentialSets'],
  run: ({ credentialSets, registries, policy }) =>
    credentialSets.flatMap(({ name, registryId, loginServer, credentials }) => {
      const registry = registries.find(({ id }) => id.toLowerCase() === registryId.toLowerCase());
      const sick = credentials.filter(({ healthy }) => !healthy);
      if (!registry || sick.length === 0) return [];
      const why = sick.map(({ name: which, errorCode }) => `${which}: ${errorCode ?? 'no reason given'}`).join(', ');
      const stores = sick.map(({ secretUrl }) => storingAt(secretUrl)).join('; ');
      return {
        resourceId: registry.id,
        subject: name,
        reason: `Credential set ${name} of ${registry.name} does not sign in to ${loginServer} (${why}).`,
        evidence: { loginServer, credentials: sick },
        owners: ownersOf([], [registry], policy),
        fix: `Renew the credential at ${loginServer}; then ${stores}; the next pull through the cache tries it`,
      };
    }),
};

/** A secret's address is `https://<vault>.<suffix>/secrets/<name>/<version>`; the newest version is the one that counts. */
function storingAt(secretUrl: string | undefined): string {
  const [, vault, secret] = /^https:\/\/([^./]+)[^/]*\/secrets\/([^/]+)/i.exec(secretUrl ?? '') ?? [];
  return vault && secret ? storing(vault, secret) : 'store it in the Key Vault secret that the credential set names';
}
