import { mayBeGroup } from '../access/principalKinds.ts';
import { isUnderSubscription, type Place, type RegistriesBelow, registriesBelow } from '../access/scopes.ts';
import type { Azure } from '../azure.ts';
import { type ByPrincipal, byPrincipal } from '../byPrincipal.ts';
import { lastSegment, parseArmId } from '../model/armId.ts';
import type { RoleAssignment } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { type Packed, packed } from '../packed.ts';
import { readRoleAssignments } from './roles.ts';

/** The assignments that hold at a registry, each once, with all the subscriptions in whose lists it stood. */
export interface HeldAssignments {
  /** what groups were given, or those of whom ARM does not say what they are, and so may be anybody's */
  ofGroups: RoleAssignment[];
  ofOthers: ByPrincipal<RoleAssignment>;
  /** the guid of a role → its id, as some assignment has it, and the subscriptions where it is used */
  roles: Map<string, { id: string; usedIn: Set<string> }>;
}

/** Reads assignments subscription by subscription, and keeps of them what may hold at a registry. */
export interface AssignmentLists {
  /** `registries`: those of the subscription, as its list has them */
  read(subscriptionId: string, registries: Place[]): Promise<void>;
  /** `below`: of the registries that are there after all */
  held(below: RegistriesBelow): HeldAssignments;
}

/** `subscriptions`: ids, in the order of the answer. `known`: ids of registries that may be there although no list has them. */
export function assignmentLists(
  azure: Azure,
  { subscriptions, known, gaps }: { subscriptions: string[]; known: string[]; gaps: Gap[] },
): AssignmentLists {
  const lists = new Map<string, Packed<RoleAssignment>>(subscriptions.map((id) => [id, packed()]));
  // What was given above subscriptions stands in the lists of many.
  const inherited = new Map<string, RoleAssignment>();
  const places = known.map((id): Place => ({ id, ...parseArmId(id) }));
  const knownIn = Map.groupBy(places, ({ subscriptionId }) => subscriptionId.toLowerCase());
  const order = new Map(subscriptions.map((id, index) => [id, index]));
  const inOrder = (ids: string[]): string[] => ids.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));

  return {
    async read(subscriptionId, registries) {
      const list = lists.get(subscriptionId);
      const own = new Set<string>();
      // Most assignments of a subscription are about other things, and there may be thousands.
      const below = registriesBelow([...registries, ...(knownIn.get(subscriptionId.toLowerCase()) ?? [])]);
      for (const assignment of await readRoleAssignments(azure, subscriptionId, gaps)) {
        const key = assignment.id.toLowerCase();
        if (own.has(key) || below(assignment).length === 0) continue;
        own.add(key);
        const seen = inherited.get(key);
        if (isUnderSubscription(assignment.scope)) list?.add(assignment);
        else if (seen) seen.seenIn.push(...assignment.seenIn);
        else inherited.set(key, assignment);
      }
      list?.seal();
    },
    held(below) {
      const ofGroups: RoleAssignment[] = [];
      const ofOthers = byPrincipal<RoleAssignment>();
      const roles: HeldAssignments['roles'] = new Map();
      const take = (assignment: RoleAssignment): void => {
        if (below(assignment).length === 0) return;
        noteRole(assignment, roles);
        if (mayBeGroup(assignment)) ofGroups.push(assignment);
        else ofOthers.add(assignment.principalId, assignment);
      };
      for (const [, one] of [...inherited].sort(([a], [b]) => (a < b ? -1 : 1)))
        take({ ...one, seenIn: inOrder(one.seenIn) });
      for (const list of lists.values()) for (const assignment of list) take(assignment);
      lists.clear();
      ofOthers.seal();
      return { ofGroups, ofOthers, roles };
    },
  };
}

function noteRole({ roleDefinitionId, seenIn }: RoleAssignment, roles: HeldAssignments['roles']): void {
  const key = lastSegment(roleDefinitionId).toLowerCase();
  const role = roles.get(key) ?? { id: roleDefinitionId, usedIn: new Set() };
  for (const subscriptionId of seenIn) role.usedIn.add(subscriptionId);
  roles.set(key, role);
}
