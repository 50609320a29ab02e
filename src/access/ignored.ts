import type { Grant } from '../model/credential.ts';
import type { Facts, Registry, RoleAssignment, RoleDefinition } from '../model/estate.ts';
import { doubtsOf } from './doubt.ts';
import { givenRoles, reachOfPrincipals } from './reach.ts';

/** Rights at a registry that its ABAC mode ignores, of one principal. */
export interface Ignored {
  registry: Registry;
  principalId: string;
  principalType: string;
  /** what would have been pulled, pushed or deleted, and is by no other way either */
  grants: Grant[];
  roles: { role: RoleDefinition; assignment: RoleAssignment }[];
}

/**
 * Who holds a role at an ABAC registry that would open it in legacy mode and does not here (semantics §4). A group stands
 * for itself; what the principal may do by a repository role, or may well do unseen, is nothing that it lacks.
 */
export function ignoredRights(facts: Facts): Ignored[] {
  const reach = reachOfPrincipals(facts);
  const isInDoubt = doubtsOf(facts);
  const found = new Map<string, Ignored>();
  for (const { assignment, role, registries, grantsIn } of givenRoles(facts)) {
    const wanted = dataOf(grantsIn('LegacyRegistryPermissions'));
    if (wanted.length === 0) continue;
    const { principalType } = assignment;
    const principalId = assignment.principalId.toLowerCase();
    const own = reach.get(principalId);
    for (const registry of registries) {
      if (registry.roleAssignmentMode !== 'AbacRepositoryPermissions' || isInDoubt(principalId, registry)) continue;
      const has = own?.get(registry.id)?.grants ?? [];
      const lacks = wanted.filter((grant) => !has.includes(grant));
      if (lacks.length === 0) continue;
      const key = `${registry.id}|${principalId}`;
      const known = found.get(key);
      if (!known)
        found.set(key, { registry, principalId, principalType, grants: lacks, roles: [{ role, assignment }] });
      else {
        known.roles.push({ role, assignment });
        known.grants = [...new Set([...known.grants, ...lacks])];
      }
    }
  }
  return [...found.values()];
}

function dataOf(grants: Grant[]): Grant[] {
  return grants.filter((grant) => grant !== 'admin');
}
