import { leastRole } from '../access/leastRole.ts';
import { principalName, principalNames } from '../access/names.ts';
import { givenRoles } from '../access/reach.ts';
import { isUnderSubscription, scopeName } from '../access/scopes.ts';
import { placesOf } from '../access/wording.ts';
import type { Check } from '../model/check.ts';

/** A program that may change a registry can open it to the world, switch on its admin account and read its passwords. */
export const registryRoleTooBroad: Check = {
  id: 'registry-role-too-broad',
  title: 'Service principal or managed identity may change the registry itself',
  category: 'access',
  severity: 'medium',
  needs: ['registries', 'roleAssignments', 'roleDefinitions'],
  run: (facts) => {
    const names = principalNames(facts);
    return givenRoles(facts).flatMap(({ assignment, role, registries, grantsIn }) => {
      const { id, scope, principalId, principalType } = assignment;
      // In both modes: changing the registry is no matter of its data (semantics §4).
      if (principalType !== 'ServicePrincipal' || !grantsIn('LegacyRegistryPermissions').includes('admin')) return [];
      const places = registries.map((registry) => registry.id).sort();
      const first = registries.find((registry) => registry.id === places[0]);
      const mode = first?.roleAssignmentMode ?? 'LegacyRegistryPermissions';
      const [push, pull] = (['push', 'pull'] as const).map((right) => quoted(leastRole(right, mode)));
      const where = scopeName(scope, facts.subscriptions);
      return {
        resourceId: id,
        reason: `${role.roleName} at ${where} lets ${principalName(principalId, principalType, names)} change ${placesOf(places)}, not only pull and push.`,
        evidence: {
          principalId,
          role: role.roleName,
          scope,
          // Below a subscription the scope itself says where; above, a registry that comes or goes is news.
          ...(!isUnderSubscription(scope) && { registries: places }),
        },
        fix: `az role assignment create --assignee-object-id ${principalId} --assignee-principal-type ServicePrincipal --role ${push} --scope ${places[0] ?? scope} (${pull} if it only pulls; for each registry it works with); then az role assignment delete --ids ${id}`,
      };
    });
  },
};

function quoted(role: string): string {
  return role.includes(' ') ? `"${role}"` : role;
}
