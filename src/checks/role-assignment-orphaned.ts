import { givenRoles } from '../access/reach.ts';
import { scopeName } from '../access/scopes.ts';
import type { Check } from '../model/check.ts';
import { removeRoles } from '../model/command.ts';

/** Where the directory keeps a principal of a kind; another kind cannot be resolved from here. */
const COLLECTIONS: Record<string, string> = { ServicePrincipal: 'servicePrincipals', User: 'users', Group: 'groups' };

/** The principal was deleted and its right stayed: nobody uses it, and it hides who really has access. */
export const roleAssignmentOrphaned: Check = {
  id: 'role-assignment-orphaned',
  title: 'Role assignment of a principal that no longer exists',
  category: 'access',
  severity: 'low',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'servicePrincipals', 'groups', 'users'],
  run: (facts) => {
    const missing = new Set(facts.missingPrincipals);
    return givenRoles(facts).flatMap(({ assignment, role, registries, concernsRegistries }) => {
      const { id, scope, principalId, principalType } = assignment;
      const collection = COLLECTIONS[principalType];
      if (!collection || !concernsRegistries || !missing.has(principalId.toLowerCase())) return [];
      return {
        resourceId: `/${collection}/${principalId}`,
        subject: id,
        reason: `${role.roleName} at ${scopeName(scope, facts.subscriptions)} belongs to ${principalId}, which the directory does not have any more.`,
        evidence: {
          principalId,
          principalType,
          role: role.roleName,
          scope,
          registries: registries.map((registry) => registry.id).sort(),
        },
        fix: removeRoles([{ id }]),
      };
    });
  },
};
