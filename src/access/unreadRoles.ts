import { lastSegment } from '../model/armId.ts';
import type { Facts, Group, Registry, RoleAssignment } from '../model/estate.ts';
import { registriesBelow } from './scopes.ts';

/** A role that somebody holds at registries and that could not be read: what it gives there is not known. */
export interface UnreadRole {
  assignment: RoleAssignment;
  registries: Registry[];
  /** the group through which it comes to a principal; absent: the assignment names the principal itself */
  group?: Group;
}

type Assigned = Pick<Facts, 'registries' | 'roleAssignments' | 'roleDefinitions'>;

/** Every assignment that holds at a registry and whose role could not be read. */
export function unreadRoles({ registries, roleAssignments, roleDefinitions }: Assigned): UnreadRole[] {
  const known = new Set(roleDefinitions.map(({ roleId }) => roleId.toLowerCase()));
  const below = registriesBelow(registries);
  return roleAssignments
    .filter(({ roleDefinitionId }) => !known.has(lastSegment(roleDefinitionId).toLowerCase()))
    .map((assignment) => ({ assignment, registries: below(assignment) }))
    .filter((one) => one.registries.length > 0);
}

/** The same by object id in lower case, of the holders and of the members of groups. */
export function unreadRolesByPrincipal(facts: Assigned & Pick<Facts, 'groups'>): Map<string, UnreadRole[]> {
  const groups = new Map(facts.groups.map((group) => [group.id.toLowerCase(), group]));
  const found = new Map<string, UnreadRole[]>();
  const add = (id: string, role: UnreadRole): void => {
    const held = found.get(id);
    if (held) held.push(role);
    else found.set(id, [role]);
  };
  for (const role of unreadRoles(facts)) {
    const holder = role.assignment.principalId.toLowerCase();
    const group = groups.get(holder);
    add(holder, role);
    for (const member of group?.members ?? []) add(member, { ...role, ...(group && { group }) });
  }
  return found;
}
