import type { Check } from '../model/check.ts';

/** Without an identity of its own a registry reaches keys, vaults and tasks only by secrets. */
export const registryWithoutIdentity: Check = {
  id: 'registry-without-identity',
  title: 'Registry has no managed identity',
  category: 'hygiene',
  severity: 'info',
  needs: ['registries'],
  run: ({ registries }) =>
    registries
      .filter(({ hasIdentity }) => !hasIdentity)
      .map(({ id, name, subscriptionId }) => ({
        resourceId: id,
        reason: `${name} has no managed identity: what it fetches from elsewhere needs a secret.`,
        evidence: { identity: 'None' },
        fix: `az acr identity assign --name ${name} --subscription ${subscriptionId} --identities [system]`,
      })),
};
