import { lastSegment } from '../model/armId.ts';
import type { Grant } from '../model/credential.ts';
import type { Facts, Group, Registry, RoleAssignment, RoleAssignmentMode, RoleDefinition } from '../model/estate.ts';
import { grantsOfRole, unionOfGrants } from './rights.ts';
import { registriesBelow } from './scopes.ts';

/** One way by which a principal may do something at a registry. */
export interface Way {
  assignment: RoleAssignment;
  role: RoleDefinition;
  grants: Grant[];
  /** the group through which it comes to the principal; absent: the assignment names the principal itself */
  group?: Group;
}

/** What one principal may do at one registry, and by which ways. */
export interface Reach {
  registry: Registry;
  grants: Grant[];
  ways: Way[];
}

/** Object id of a principal (lower case) → id of a registry → what it may do there, by itself and through its groups. */
export type ReachByPrincipal = Map<string, Map<string, Reach>>;

/** What somebody with this reach may do wherever it may be, and at which registries, by id. */
export function openedBy(reach: Reach[]): { grants: Grant[]; registries: string[] } {
  return {
    grants: reach.reduce<Grant[]>((all, { grants }) => unionOfGrants(all, grants), []),
    registries: reach.map(({ registry }) => registry.id).sort(),
  };
}

type AccessFacts = Pick<Facts, 'registries' | 'roleAssignments' | 'roleDefinitions' | 'groups'>;

/** Who opens which registry: principals of every kind by id, groups for themselves and for their members. */
export const reachOfPrincipals: (facts: AccessFacts) => ReachByPrincipal = onceFor(
  (facts) => [...assignedIn(facts), facts.groups],
  findReach,
);

function findReach(facts: AccessFacts): ReachByPrincipal {
  const reach: ReachByPrincipal = new Map();
  const groups = new Map(facts.groups.map((group) => [group.id.toLowerCase(), group]));
  for (const { assignment, role, registries, grantsIn } of givenRoles(facts)) {
    const group = groups.get(assignment.principalId.toLowerCase());
    for (const registry of registries) {
      const grants = grantsIn(registry.roleAssignmentMode);
      if (grants.length === 0) continue;
      const way = { assignment, role, grants };
      add(reach, assignment.principalId.toLowerCase(), registry, way);
      if (!group) continue;
      for (const member of group.members ?? []) add(reach, member, registry, { ...way, group });
    }
  }
  return reach;
}

/** An assignment with its role and the registries where it holds. */
export interface GivenRole {
  assignment: RoleAssignment;
  role: RoleDefinition;
  registries: Registry[];
  /** what the role gives at a registry of a mode */
  grantsIn(mode: RoleAssignmentMode): Grant[];
  /** whether it gives anything in either mode; roles of other services do not */
  concernsRegistries: boolean;
}

/** Every assignment that holds at a registry and whose role is known; a role that could not be read is a gap. */
export const givenRoles: (facts: Assigned) => GivenRole[] = onceFor(assignedIn, findGiven);

type Assigned = Omit<AccessFacts, 'groups'>;

function assignedIn({ roleAssignments, roleDefinitions, registries }: Assigned): Lists {
  return [roleAssignments, roleDefinitions, registries];
}

function findGiven(facts: Assigned): GivenRole[] {
  const below = registriesBelow(facts.registries);
  const roles = new Map(
    facts.roleDefinitions.map((role) => [
      role.roleId.toLowerCase(),
      {
        role,
        // Evaluated once a role, however many assignments it has.
        LegacyRegistryPermissions: grantsOfRole(role.permissions, 'LegacyRegistryPermissions'),
        AbacRepositoryPermissions: grantsOfRole(role.permissions, 'AbacRepositoryPermissions'),
      },
    ]),
  );
  const given: GivenRole[] = [];
  for (const assignment of facts.roleAssignments) {
    const known = roles.get(lastSegment(assignment.roleDefinitionId).toLowerCase());
    const registries = below(assignment);
    if (!known || registries.length === 0) continue;
    const { role, LegacyRegistryPermissions: legacy, AbacRepositoryPermissions: abac } = known;
    given.push({
      assignment,
      role,
      registries,
      grantsIn: (mode) => known[mode],
      concernsRegistries: legacy.length + abac.length > 0,
    });
  }
  return given;
}

type Lists = readonly [object, ...object[]];

/** The same answer for as long as the same lists are asked about: several checks want it, of all principals of a tenant. */
function onceFor<F, T>(listsIn: (facts: F) => Lists, find: (facts: F) => T): (facts: F) => T {
  const answered = new WeakMap<object, { lists: Lists; answer: T }>();
  return (facts) => {
    const lists = listsIn(facts);
    const last = answered.get(lists[0]);
    if (last && lists.every((list, index) => list === last.lists[index])) return last.answer;
    const answer = find(facts);
    answered.set(lists[0], { lists, answer });
    return answer;
  };
}

function add(reach: ReachByPrincipal, principalId: string, registry: Registry, way: Way): void {
  let byRegistry = reach.get(principalId);
  if (!byRegistry) {
    byRegistry = new Map();
    reach.set(principalId, byRegistry);
  }
  const known = byRegistry.get(registry.id);
  if (known) {
    known.grants = unionOfGrants(known.grants, way.grants);
    known.ways.push(way);
  } else byRegistry.set(registry.id, { registry, grants: way.grants, ways: [way] });
}
