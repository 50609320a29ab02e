import { lastSegment } from '../model/armId.ts';
import type { Grant } from '../model/credential.ts';
import type { Facts, Registry, RoleAssignment } from '../model/estate.ts';
import { scopeCovers } from '../model/gap.ts';
import { grantsOfRole, unionOfGrants } from './rights.ts';

/** What one principal may do at one registry. */
export interface Reach {
  registry: Registry;
  grants: Grant[];
}

/** Whether an assignment holds at a registry: given above it, or inherited by its subscription from further up. */
export function holdsAt(assignment: RoleAssignment, registry: Registry): boolean {
  if (scopeCovers(assignment.scope, registry.id)) return true;
  // A management group's id is no prefix of a subscription's; such an assignment stands in the lists of the
  // subscriptions below the group.
  const above = !assignment.scope.toLowerCase().startsWith('/subscriptions/');
  return above && assignment.seenIn.some((id) => id.toLowerCase() === registry.subscriptionId.toLowerCase());
}

/** Principal object id (lower case) → the registries that it opens, through its own assignments. */
export function reachOfPrincipals(facts: Facts): Map<string, Reach[]> {
  const roles = new Map(facts.roleDefinitions.map((role) => [role.roleId.toLowerCase(), role]));
  const reach = new Map<string, Reach[]>();
  for (const assignment of facts.roleAssignments) {
    const role = roles.get(lastSegment(assignment.roleDefinitionId).toLowerCase());
    if (!role) continue;
    for (const registry of facts.registries) {
      if (!holdsAt(assignment, registry)) continue;
      const grants = grantsOfRole(role.permissions, registry.roleAssignmentMode);
      if (grants.length > 0) add(reach, assignment.principalId.toLowerCase(), registry, grants);
    }
  }
  return reach;
}

function add(reach: Map<string, Reach[]>, principalId: string, registry: Registry, grants: Grant[]): void {
  const all = reach.get(principalId) ?? [];
  reach.set(principalId, all);
  const known = all.find((one) => one.registry.id === registry.id);
  if (known) known.grants = unionOfGrants(known.grants, grants);
  else all.push({ registry, grants });
}
