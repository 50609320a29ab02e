import { leastRole } from '../access/leastRole.ts';
import { principalWords } from '../access/names.ts';
import { ownersOf } from '../access/owners.ts';
import { givenRoles } from '../access/reach.ts';
import { isDirect, isUnderSubscription, scopeName } from '../access/scopes.ts';
import { placesOf } from '../access/wording.ts';
import type { Check } from '../model/check.ts';
import { giveRole, removeRoles } from '../model/command.ts';
import type { Registry, RoleAssignment, RoleAssignmentMode, RoleDefinition } from '../model/estate.ts';

/** A program that may change a registry can open it to the world, switch on its admin account and read its passwords. */
export const registryRoleTooBroad: Check = {
  id: 'registry-role-too-broad',
  title: 'Service principal or managed identity may change the registry itself',
  category: 'access',
  severity: 'medium',
  needs: ['registries', 'roleAssignments', 'roleDefinitions'],
  run: (facts) => {
    const wordsFor = principalWords(facts);
    const missing = new Set(facts.missingPrincipals);
    return givenRoles(facts).flatMap(({ assignment, role, registries, grantsIn }) => {
      const { id, scope, principalId, principalType } = assignment;
      // In both modes: changing the registry is no matter of its data (semantics §4).
      if (principalType !== 'ServicePrincipal' || !grantsIn('LegacyRegistryPermissions').includes('admin')) return [];
      const places = registries.map((registry) => registry.id).sort();
      const where = scopeName(scope, facts.subscriptions);
      return {
        resourceId: id,
        reason: `${role.roleName} at ${where} lets ${wordsFor(principalId, principalType)} change ${placesOf(places)}, not only pull and push.`,
        owners: ownersOf([], registries, facts.policy),
        evidence: {
          principalId,
          role: role.roleName,
          scope,
          // Below a subscription the scope itself says where; above, a registry that comes or goes is news.
          ...(!isUnderSubscription(scope) && { registries: places }),
        },
        fix: missing.has(principalId.toLowerCase())
          ? removeRoles([assignment])
          : narrowing(assignment, role, registries),
      };
    });
  },
};

/** Rights to images in its stead. Given above a registry, it is for other things too, and without it they cannot be deployed. */
function narrowing(assignment: RoleAssignment, { roleId }: RoleDefinition, registries: Registry[]): string {
  const give = (role: string, scope: string): string =>
    giveRole({ principalId: assignment.principalId, principalType: 'ServicePrincipal' }, role, scope);
  const modes = new Set(registries.map(({ roleAssignmentMode }) => roleAssignmentMode));
  const [mode = 'LegacyRegistryPermissions', other] = [...modes].sort().reverse();
  const least = roleFor('push', mode);
  const onlyPulls = `${roleFor('pull', mode)} if it only pulls`;
  const [only] = registries;
  if (only && isDirect(assignment, only))
    return `${give(least, only.id)} (${onlyPulls}); then ${removeRoles([assignment])}`;
  const inOther = other ? `; in ABAC mode ${roleFor('push', other)} or ${roleFor('pull', other)}` : '';
  return `narrow it to what the principal deploys: ${give(roleId, '<that scope>')}, and for each registry that it works with --role ${least} --scope <registry id> (${onlyPulls}${inOther}); then ${removeRoles([assignment])}; or accept it, if it deploys all of that`;
}

function roleFor(right: 'push' | 'pull', mode: RoleAssignmentMode): string {
  const role = leastRole(right, mode);
  return role.includes(' ') ? `"${role}"` : role;
}
