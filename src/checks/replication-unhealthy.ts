import { byRegistry } from '../model/byRegistry.ts';
import type { Check } from '../model/check.ts';
import { acr } from '../model/command.ts';
import type { Registry, Replication } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';
import { sameRegion } from '../model/region.ts';

const FAILED = ['failed', 'canceled'];
/** While a replica is being made or changed its status says nothing yet. */
const SETTLED = 'succeeded';
const WORKING = ['ready', 'syncing'];

/** A sick replica gives old images, or none, to the clients that Azure sends to it. */
export const replicationUnhealthy: Check = {
  id: 'replication-unhealthy',
  title: 'Replica of the registry is not healthy',
  category: 'operations',
  severity: 'high',
  needs: ['registries', 'replications'],
  run: ({ registries, replications }) => {
    const replicasOf = byRegistry(replications);
    return registries.flatMap((registry) => {
      const replicas = replicasOf(registry);
      const sick = replicas.filter(isSick);
      return sick.map((replication) => toHit(registry, replication, sick.length < replicas.length));
    });
  },
};

function isSick({ provisioningState, displayStatus }: Replication): boolean {
  const state = provisioningState.toLowerCase();
  if (FAILED.includes(state)) return true;
  return state === SETTLED && displayStatus !== undefined && !WORKING.includes(displayStatus.toLowerCase());
}

/** `hasOthers`: clients can be sent elsewhere. */
function toHit(registry: Registry, replication: Replication, hasOthers: boolean): Hit {
  const { id, name } = registry;
  const { name: region, location, provisioningState, displayStatus } = replication;
  const named = `--name ${region}`;
  const away = `${acr('replication update', registry, `${named} --global-endpoint-routing false`)} takes it out of the routing; `;
  // The home region's replica goes with the registry only ("Geo-replication in Azure Container Registry").
  const mend = sameRegion(location, registry.location)
    ? "the replica of the home region cannot be made anew: ask Azure's support to mend it"
    : `${acr('replication delete', registry, named)} and ${acr('replication create', registry, `--location ${location}`)} make it anew`;
  return {
    resourceId: id,
    subject: region,
    reason: `The replica of ${name} in ${region} is ${[provisioningState, displayStatus].filter(Boolean).join(', ')}: clients that Azure sends there get old images or none.`,
    evidence: { location, provisioningState, displayStatus: displayStatus ?? null },
    fix: hasOthers ? `${away}${mend}` : mend,
  };
}
