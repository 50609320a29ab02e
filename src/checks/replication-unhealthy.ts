import { byRegistry } from '../model/byRegistry.ts';
import type { Check } from '../model/check.ts';
import type { Registry, Replication } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';

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
    return registries.flatMap((registry) =>
      replicasOf(registry)
        .filter(isSick)
        .map((replication) => toHit(registry, replication)),
    );
  },
};

function isSick({ provisioningState, displayStatus }: Replication): boolean {
  const state = provisioningState.toLowerCase();
  if (FAILED.includes(state)) return true;
  return state === SETTLED && displayStatus !== undefined && !WORKING.includes(displayStatus.toLowerCase());
}

function toHit({ id, name, subscriptionId }: Registry, replication: Replication): Hit {
  const { name: region, provisioningState, displayStatus } = replication;
  const command = `--registry ${name} --subscription ${subscriptionId} --name ${region}`;
  return {
    resourceId: id,
    subject: region,
    reason: `The replica of ${name} in ${region} is ${[provisioningState, displayStatus].filter(Boolean).join(', ')}: clients that Azure sends there get old images or none.`,
    evidence: { location: replication.location, provisioningState, displayStatus: displayStatus ?? null },
    fix: `az acr replication update ${command} --region-endpoint-enabled false takes it out of the routing; az acr replication delete ${command} and az acr replication create --registry ${name} --subscription ${subscriptionId} --location ${replication.location} make it anew`,
  };
}
