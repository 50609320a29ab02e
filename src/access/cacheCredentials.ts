import type { Credential } from '../model/credential.ts';
import type { Facts } from '../model/estate.ts';
import type { Policy } from '../model/policy.ts';
import { ownersOf } from './owners.ts';

/** What registries sign in with to the registries that they cache from; Azure shows no dates, only whether it works. */
export function cacheCredentials(facts: Facts, policy: Policy): Credential[] {
  const registries = new Map(facts.registries.map((registry) => [registry.id.toLowerCase(), registry]));
  return facts.credentialSets.flatMap((set) => {
    const registry = registries.get(set.registryId.toLowerCase());
    if (!registry) return [];
    return set.credentials.map(
      (one): Credential => ({
        kind: 'cache-credential',
        resourceId: registry.id,
        subject: `${set.name}/${one.name}`,
        holder: {
          type: 'cache',
          id: set.id,
          name: set.name,
          registryName: registry.name,
          subscriptionId: registry.subscriptionId,
        },
        credentialName: one.name,
        ...(set.createdOn && { startsOn: set.createdOn }),
        // Azure does not sign in with one that it found unhealthy.
        state: one.healthy ? 'usable' : 'disabled',
        grants: ['pull'],
        registries: [registry.id],
        through: [`cache of ${set.loginServer}`],
        owners: ownersOf([], [registry], policy),
        certificateInPlace: false,
        federatedInPlace: false,
        lastOfHolder: false,
      }),
    );
  });
}
