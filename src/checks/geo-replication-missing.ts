import { byRegistry } from '../model/byRegistry.ts';
import type { Check } from '../model/check.ts';
import { indexOf } from '../model/gap.ts';
import { sameRegion } from '../model/region.ts';

/** One region down, and nothing is pulled. */
export const geoReplicationMissing: Check = {
  id: 'geo-replication-missing',
  title: 'Registry is kept in one region only',
  category: 'hygiene',
  severity: 'low',
  needs: ['registries', 'replications'],
  run: ({ registries, replications, gaps }) => {
    const replicasOf = byRegistry(replications);
    const isUnread = indexOf(gaps);
    return (
      registries
        .filter(({ sku, id }) => sku === 'Premium' && !isUnread('replications', id))
        // A geo-replicated registry lists its home region too, and one that was may list that alone.
        .filter((registry) => replicasOf(registry).every(({ location }) => sameRegion(location, registry.location)))
        .map(({ id, name, subscriptionId, location }) => ({
          resourceId: id,
          reason: `${name} is kept in ${location} only: an outage of that region stops every pull.`,
          evidence: { location },
          fix: `az acr replication create --registry ${name} --subscription ${subscriptionId} --location <second region>`,
        }))
    );
  },
};
