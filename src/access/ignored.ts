import type { Grant } from '../model/credential.ts';
import type { Facts, Group, Registry, RoleAssignment, RoleDefinition } from '../model/estate.ts';
import { doubtsOf } from './doubt.ts';
import { givenRoles, type Reach, type ReachByPrincipal, reachOfPrincipals } from './reach.ts';
import { unionOfGrants } from './rights.ts';

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
  const aroundOf = rightsAround(facts.groups, reach);
  const found = new Map<string, Ignored>();
  for (const { assignment, role, registries, grantsIn } of givenRoles(facts)) {
    const wanted = dataOf(grantsIn('LegacyRegistryPermissions'));
    if (wanted.length === 0) continue;
    const { principalType } = assignment;
    const principalId = assignment.principalId.toLowerCase();
    const own = reach.get(principalId);
    for (const registry of registries) {
      if (registry.roleAssignmentMode !== 'AbacRepositoryPermissions' || isInDoubt(principalId, registry)) continue;
      const has = [own, aroundOf(principalType, principalId)].flatMap((one) => one?.get(registry.id)?.grants ?? []);
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

type Rights = Map<string, Pick<Reach, 'grants'>>;

/**
 * What a principal has, or may well have, by groups that it is no listed member of, by registry: of people a group has only the
 * number, and the groups inside it stand for themselves.
 */
function rightsAround(groups: Group[], reach: ReachByPrincipal): (type: string, id: string) => Rights | undefined {
  const known = new Map<string, Rights>();
  return (type, id) => {
    if (type !== 'User' && type !== 'Group') return undefined;
    // Any person may be any of those in a group.
    const key = type === 'User' ? type : id;
    const answered = known.get(key);
    if (answered) return answered;
    const mayHold = (group: Group): boolean =>
      type === 'User' ? group.people !== 0 : group.groups?.includes(id) !== false;
    const rights = rightsOf(groups.filter(mayHold), reach);
    known.set(key, rights);
    return rights;
  };
}

function rightsOf(groups: Group[], reach: ReachByPrincipal): Rights {
  const rights: Rights = new Map();
  for (const { id } of groups) {
    for (const [registryId, { grants }] of reach.get(id.toLowerCase()) ?? []) {
      rights.set(registryId, { grants: unionOfGrants(rights.get(registryId)?.grants ?? [], grants) });
    }
  }
  return rights;
}

function dataOf(grants: Grant[]): Grant[] {
  return grants.filter((grant) => grant !== 'admin');
}
