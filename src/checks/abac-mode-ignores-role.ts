import { type Ignored, ignoredRights } from '../access/ignored.ts';
import { leastRole } from '../access/leastRole.ts';
import { principalWords } from '../access/names.ts';
import { givesImagesOnly } from '../access/rights.ts';
import { isDirect, scopeName } from '../access/scopes.ts';
import type { Check } from '../model/check.ts';
import { giveRole, removeRoles } from '../model/command.ts';

/** A role that opens other registries and does nothing at one in ABAC mode: whoever was given it gets 403. */
export const abacModeIgnoresRole: Check = {
  id: 'abac-mode-ignores-role',
  title: 'Role has no effect at a registry in ABAC mode',
  category: 'access',
  severity: 'medium',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups'],
  run: (facts) => {
    const wordsFor = principalWords(facts);
    // Whoever is not there any more needs no other role.
    const missing = new Set(facts.missingPrincipals);
    return ignoredRights(facts).map(({ registry, principalId, principalType, grants, roles }) => {
      const direct = roles.filter(({ assignment }) => isDirect(assignment, registry));
      // Whoever manages the registry by a role goes on doing so in ABAC mode.
      const idle = direct.filter(({ role }) => givesImagesOnly(role.permissions));
      const give = giveRole({ principalId, principalType }, `"${repositoryRole(grants)}"`, registry.id);
      const given = roles.map(
        ({ role, assignment }) => `${role.roleName} at ${scopeName(assignment.scope, facts.subscriptions)}`,
      );
      const words = [...new Set(given)].sort();
      const who = wordsFor(principalId, principalType);
      return {
        resourceId: registry.id,
        subject: principalId,
        // What was given further up was hardly meant for this registry.
        severity: direct.length > 0 ? 'medium' : 'low',
        reason: `${registry.name} is in ABAC mode and ignores ${words.join(' and ')} of ${who}: no ${grants.join(', ')}.`,
        evidence: { principalId, principalType, roles: words, grants },
        fix: missing.has(principalId)
          ? removal(roles)
          : [give, ...(idle.length > 0 ? [removal(idle)] : [])].join('; then '),
      };
    });
  },
};

function removal(roles: Ignored['roles']): string {
  return removeRoles(roles.map(({ assignment }) => assignment));
}

/** Azure's built-in repository roles: Reader pulls, Writer pushes too, Contributor deletes too. */
function repositoryRole(grants: string[]): string {
  const right = (['delete', 'push'] as const).find((one) => grants.includes(one)) ?? 'pull';
  return leastRole(right, 'AbacRepositoryPermissions');
}
