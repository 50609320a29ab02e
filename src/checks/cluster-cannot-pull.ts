import { type BlockedCluster, blockedClusters } from '../access/clusters.ts';
import { leastRole } from '../access/leastRole.ts';
import { principalNames } from '../access/names.ts';
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

function toHit({ cluster, identityId, registries, why }: BlockedCluster, known: Map<string, string>): Hit {
  const names = registries.map(({ name }) => name).join(', ');
  const identity = identityId ?? cluster.clientId ?? 'unknown';
  const called = known.get(identity) ?? identity;
  const reason =
    why === 'ignored'
      ? `The nodes of ${cluster.name} cannot pull from ${names}: it is in ABAC mode and ignores the role of their identity ${called}.`
      : `The nodes of ${cluster.name} cannot pull from ${names}: their identity ${called} has no right to pull there.`;
  return {
    resourceId: cluster.id,
    subject: cluster.name,
    reason,
    evidence: { identity, why, registries: registries.map(({ id }) => id).sort() },
    fix: registries.map((registry) => grant(identityId, identity, registry)).join('; '),
  };
}

function grant(objectId: string | undefined, identity: string, { id, roleAssignmentMode }: Registry): string {
  const role = leastRole('pull', roleAssignmentMode);
  const assignee = objectId
    ? `--assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal`
    : `--assignee ${identity}`;
  return `az role assignment create ${assignee} --role "${role}" --scope ${id}`;
}
