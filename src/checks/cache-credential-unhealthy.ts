import { ownersOf } from '../access/owners.ts';
import { storing } from '../access/rotation.ts';
import type { Check } from '../model/check.ts';
import { acr } from '../model/command.ts';
import type { CachedCredential, CredentialSet, Registry } from '../model/estate.ts';

/** The registry cannot sign in to the one that it caches from: new tags do not arrive, and anonymous limits apply. */
export const cacheCredentialUnhealthy: Check = {
  id: 'cache-credential-unhealthy',
  title: 'Cache credential does not work',
  category: 'credentials',
  severity: 'medium',
  needs: ['registries', 'credentialSets'],
  run: ({ credentialSets, registries, policy }) =>
    credentialSets.flatMap((set) => {
      const { name, registryId, loginServer, credentials } = set;
      const registry = registries.find(({ id }) => id.toLowerCase() === registryId.toLowerCase());
      const sick = credentials.filter(({ healthy }) => !healthy);
      if (!registry || sick.length === 0) return [];
      const why = sick.map(({ name: which, errorCode }) => `${which}: ${errorCode ?? 'no reason given'}`).join(', ');
      return {
        resourceId: registry.id,
        subject: name,
        reason: `Credential set ${name} of ${registry.name} does not sign in to ${loginServer} (${why}).`,
        evidence: { loginServer, credentials: sick },
        owners: ownersOf([], [registry], policy),
        fix: fixOf(set, registry, sick),
      };
    }),
};

/** Where Azure names the vault, it turned away the set's identity, and the credential may be as good as ever. */
function fixOf(set: CredentialSet, registry: Registry, sick: CachedCredential[]): string {
  const renew = `renew the credential at ${set.loginServer}; then ${sick.map(storingAt).join('; ')}`;
  const permit = [...new Set(sick.map((credential) => reading(set, registry, credential)))].join('; ');
  const isTurnedAway = sick.every(({ errorCode = '' }) => /vault/i.test(errorCode));
  const [first, second] = isTurnedAway ? [permit, renew] : [renew, permit];
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}; the next pull through the cache tries it. If that does not do, ${second}`;
}

function storingAt({ secretUrl }: CachedCredential): string {
  const { vault, secret } = placeOf(secretUrl);
  return vault && secret ? storing(vault, secret) : 'store it in the Key Vault secret that the credential set names';
}

function reading({ name }: CredentialSet, registry: Registry, { secretUrl }: CachedCredential): string {
  const { vault } = placeOf(secretUrl);
  const show = acr('credential-set show', registry, `--name ${name} --query identity.principalId`);
  return `let the credential set read the secret: az role assignment create --role "Key Vault Secrets User" --assignee-object-id <its identity: ${show}> --assignee-principal-type ServicePrincipal --scope <id of the vault${vault ? ` ${vault}` : ''}>`;
}

/** A secret's address is `https://<vault>.<suffix>/secrets/<name>/<version>`; the newest version is the one that counts. */
function placeOf(secretUrl: string | undefined): { vault?: string | undefined; secret?: string | undefined } {
  const [, vault, secret] = /^https:\/\/([^./]+)[^/]*\/secrets\/([^/]+)/i.exec(secretUrl ?? '') ?? [];
  return { vault, secret };
}
