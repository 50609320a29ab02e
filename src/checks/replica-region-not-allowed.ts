import { byRegistry } from '../model/byRegistry.ts';
import type { Check } from '../model/check.ts';
import type { Registry } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';
import { sameRegion } from '../model/region.ts';

/** Images, and what is inside them, lie where they must not. */
export const replicaRegionNotAllowed: Check = {
  id: 'replica-region-not-allowed',
  title: 'Registry is kept in a region that is not allowed',
  category: 'hygiene',
  severity: 'medium',
  needs: ['registries', 'replications'],
  run: ({ registries, replications, policy }) => {
    const { allowedRegions } = policy.hygiene;
    if (allowedRegions.length === 0) return [];
    const replicasOf = byRegistry(replications);
    const isAllowed = (region: string): boolean => allowedRegions.some((one) => sameRegion(one, region));
    return registries.flatMap((registry) => {
      const replicas = replicasOf(registry)
        .filter(({ location }) => !sameRegion(location, registry.location))
        .filter(({ location }) => !isAllowed(location))
        .map(({ location, name }) => toHit(registry, location, name));
      return isAllowed(registry.location) ? replicas : [toHit(registry, registry.location), ...replicas];
    });
  },
};

function toHit({ id, name, subscriptionId }: Registry, region: string, replica?: string): Hit {
  return {
    resourceId: id,
    subject: region,
    reason: `${name} is kept in ${region}${replica ? '' : ', its home region'}, which the policy does not allow.`,
    evidence: { location: region, home: replica === undefined },
    fix: replica
      ? `az acr replication delete --registry ${name} --subscription ${subscriptionId} --name ${replica}`
      : `A registry cannot be moved to another region: make one there, az acr import what ${name} holds, and point the clients to it`,
  };
}
