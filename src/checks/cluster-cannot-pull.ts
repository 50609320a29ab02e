import { type BlockedCluster, blockedClusters } from '../access/clusters.ts';
import { leastRole } from '../access/leastRole.ts';
import { principalNames } from '../access/names.ts';
import { parseArmId } from '../model/armId.ts';
import type { Check } from '../model/check.ts';
import type { Registry } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';

/** The nodes of a cluster have no right to pull: what runs goes on, and whatever starts next does not. */
export const clusterCannotPull: Check = {
  id: 'cluster-cannot-pull',
  title: 'AKS cluster cannot pull from its registry',
  category: 'access',
  severity: 'high',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'clusters'],
  run: (input) => {
    const names = principalNames(input);
    return blockedClusters(input, input.policy).map((blocked) => toHit(blocked, names));
  },
};

function toHit(blocked: BlockedCluster, known: Map<string, string>): Hit {
  const { cluster, identityId, registries, why } = blocked;
  const names = registries.map(({ name }) => name).join(', ');
  const identity = identityId ?? cluster.clientId ?? 'unknown';
  return {
    resourceId: cluster.id,
    subject: cluster.name,
    reason: `The nodes of ${cluster.name} cannot pull from ${names}: ${causeOf(why, known.get(identity) ?? identity)}.`,
    evidence: { identity, why, registries: registries.map(({ id }) => id).sort() },
    fix: fixFor(blocked, identity),
  };
}

function causeOf(why: BlockedCluster['why'], identity: string): string {
  switch (why) {
    case 'no right':
      return `their identity ${identity} has no right to pull there`;
    case 'ignored':
      return `it is in ABAC mode and ignores the role of their identity ${identity}`;
    case 'deleted':
      return `the directory does not have their identity ${identity} any more`;
    case 'disabled':
      return `their identity ${identity} is disabled and cannot sign in`;
  }
}

function fixFor({ cluster, identityId, registries, why }: BlockedCluster, identity: string): string {
  if (why === 'disabled') return `az ad sp update --id ${identity} --set accountEnabled=true`;
  const giveTo = (assignee: string): string => registries.map((registry) => grant(assignee, registry)).join('; ');
  const principal = (id: string): string => `--assignee-object-id ${id} --assignee-principal-type ServicePrincipal`;
  if (why !== 'deleted') return giveTo(identityId ? principal(identityId) : `--assignee ${identity}`);
  const { subscriptionId, resourceGroup, name } = parseArmId(cluster.id);
  // The right first: nodes are made anew with the identity, and pull what they run (AKS, "Use a managed identity").
  return `${giveTo(principal('<object id of another managed identity>'))}; then az aks update --name ${name} --resource-group ${resourceGroup} --subscription ${subscriptionId} --enable-managed-identity --assign-identity <resource id of its control plane's identity> --assign-kubelet-identity <resource id of the other identity>, which makes its nodes anew`;
}

function grant(assignee: string, { id, roleAssignmentMode }: Registry): string {
  return `az role assignment create ${assignee} --role "${leastRole('pull', roleAssignmentMode)}" --scope ${id}`;
}
