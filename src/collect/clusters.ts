import { isRestError } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import type { Azure } from '../azure.ts';
import type { Cluster } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { armPages } from './arm.ts';
import { attempt, UnusableAnswerError } from './attempt.ts';
import { given } from './wire.ts';

/** The AKS clusters of a subscription with the identity that their nodes pull with. */
export async function readClusters(azure: Azure, subscriptionId: string, gaps: Gap[]): Promise<Cluster[]> {
  const clusters: Cluster[] = [];
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerService/managedClusters?api-version=2024-09-01`;
  await attempt(gaps, 'clusters', `/subscriptions/${subscriptionId}`, async () => {
    try {
      for await (const wire of armPages(azure, path)) clusters.push(toCluster(wire, subscriptionId));
    } catch (error) {
      // Nobody has ever made a cluster where its resource provider is not registered.
      if (!(isRestError(error) && error.code === 'MissingSubscriptionRegistration')) throw error;
    }
  });
  return clusters;
}

const WireCluster = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.object({
    identityProfile: z.record(z.string(), z.object({ objectId: z.string().nullish() })).nullish(),
    servicePrincipalProfile: z.object({ clientId: z.string().nullish() }).nullish(),
  }),
});

function toCluster(wire: unknown, subscriptionId: string): Cluster {
  const read = WireCluster.safeParse(wire);
  if (!read.success) {
    throw new UnusableAnswerError(
      `a cluster of ${subscriptionId} came without ${read.error.issues[0]?.path.join('.')}`,
    );
  }
  const { id, name, properties } = read.data;
  // The key comes as `kubeletidentity` (wire: containerservice/managedClusters-get)
  const profiles = Object.entries(properties.identityProfile ?? {});
  const kubelet = profiles.find(([key]) => key.toLowerCase() === 'kubeletidentity')?.[1];
  const clientId = properties.servicePrincipalProfile?.clientId;
  return {
    id,
    name,
    subscriptionId,
    ...given('kubeletId', kubelet?.objectId),
    // `msi` stands there when the cluster has managed identities (semantics §4)
    ...(clientId && clientId.toLowerCase() !== 'msi' && { clientId }),
  };
}
