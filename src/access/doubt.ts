import type { Facts, Registry } from '../model/estate.ts';
import { indexOf } from '../model/gap.ts';
import { mayBeGroup } from './principalKinds.ts';
import { reachOfPrincipals } from './reach.ts';
import { unreadRoles } from './unreadRoles.ts';

/** Whether a principal may hold a right at a registry unseen; by object id in lower case, undefined: it is not known. */
type Doubt = (principalId: string | undefined, registry: Registry) => boolean;

/**
 * What may give a right unseen: assignments that were not listed, a role that could not be read, a group whose members are
 * not known. What is not seen there is not missing.
 */
export function doubtsOf(facts: Facts): Doubt {
  if (facts.gaps.length === 0) return () => false;
  const isUnread = indexOf(facts.gaps);
  const suspects = new Map<string, Set<string>>();
  const crowded = new Set<string>();
  const groups = new Map(facts.groups.map((group) => [group.id.toLowerCase(), group]));
  for (const [id, byRegistry] of reachOfPrincipals(facts)) {
    const group = groups.get(id);
    if (!group || group.members) continue;
    for (const { registry, grants } of byRegistry.values()) {
      // Who administers a registry does not pull from it for that.
      if (grants.some((grant) => grant !== 'admin')) crowded.add(registry.id);
    }
  }
  for (const { assignment, registries } of unreadRoles(facts)) {
    const holder = assignment.principalId.toLowerCase();
    for (const { id } of registries) {
      // No sweep asks for the members of whose role is not known.
      if (mayBeGroup(assignment)) crowded.add(id);
      else suspects.set(id, (suspects.get(id) ?? new Set()).add(holder));
    }
  }
  // Who has no name may be any of those of whom not all could be read.
  const isNamed = !facts.gaps.some(({ source }) => source === 'servicePrincipals');
  const isSuspect = (holder: string | undefined, registryId: string): boolean =>
    holder === undefined ? !isNamed || suspects.has(registryId) : suspects.get(registryId)?.has(holder) === true;
  return (principalId, { id }) => crowded.has(id) || isSuspect(principalId, id) || isUnread('roleAssignments', id);
}
