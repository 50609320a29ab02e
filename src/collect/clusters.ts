import * as z from 'zod';
import type { Azure } from '../azure.ts';
import type { Cluster } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { armPages } from './arm.ts';
import { attempt, UnusableAnswerError, whereRegistered } from './attempt.ts';
import { given, understood } from './wire.ts';

/**
 * The AKS clusters of a subscription with the identity that their nodes pull with; one that names none is a gap of its own,
 * since it may pull from anywhere.
 */
export async function readClusters(azure: Azure, subscriptionId: string, gaps: Gap[]): Promise<Cluster[]> {
  const clusters: Cluster[] = [];
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerService/managedClusters?api-version=2024-09-01`;
  await attempt(gaps, 'clusters', `/subscriptions/${subscriptionId}`, async () => {
    for await (const wire of whereRegistered(armPages(azure, path))) {
      const known = understood(WireCluster, wire, `a cluster of ${subscriptionId}`);
      const cluster = await attempt(gaps, 'clusters', known.id, async () => toCluster(known, subscriptionId));
      if (cluster) clusters.push(cluster);
    }
  });
  return clusters;
}

const WireCluster = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({
    provisioningState: z.string().nullish(),
    identityProfile: z.record(z.string(), z.object({ objectId: z.string().nullish() })).nullish(),
    servicePrincipalProfile: z.object({ clientId: z.string().nullish() }).nullish(),
  }),
});

/** One that is not made, or was not, has no nodes yet, and no identity for them: undefined. */
function toCluster({ id, name, properties }: z.infer<typeof WireCluster>, subscriptionId: string): Cluster | undefined {
  // The key comes as `kubeletidentity` (wire: containerservice/managedClusters-get)
  const profiles = Object.entries(properties.identityProfile ?? {});
  const kubeletId = profiles.find(([key]) => key.toLowerCase() === 'kubeletidentity')?.[1].objectId || undefined;
  // `msi` stands there when the cluster has managed identities (semantics §4)
  const principal = properties.servicePrincipalProfile?.clientId || undefined;
  const clientId = principal?.toLowerCase() === 'msi' ? undefined : principal;
  const isMade = !/^(Creating|Failed|Canceled)$/i.test(properties.provisioningState ?? '');
  if (!kubeletId && !clientId && !isMade) return undefined;
  if (!kubeletId && !clientId) throw new UnusableAnswerError(`${id} came without the identity of its nodes`);
  return {
    id,
    name,
    subscriptionId,
    ...given('kubeletId', kubeletId),
    ...given('clientId', clientId),
  };
}
