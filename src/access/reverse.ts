import { sameId } from '../model/armId.ts';
import type { Credential, Grant } from '../model/credential.ts';
import type { Facts } from '../model/estate.ts';
import { type Ignored, ignoredRights } from './ignored.ts';
import { principalNames } from './names.ts';
import { type ReachByPrincipal, reachOfPrincipals } from './reach.ts';
import { wayName } from './through.ts';
import { certain, gapLines, type Held, type ShownPrincipal, shown } from './tree.ts';
import { unreadRolesByPrincipal } from './unreadRoles.ts';

/** What a principal opens. */
export interface PrincipalAccess extends ShownPrincipal {
  registries: {
    registry: string;
    id: string;
    /** null: not known */
    grants: Grant[] | null;
  }[];
  /** roles that the ABAC mode of a registry ignores, its own and those of the groups that it is in */
  ignored: { registry: string; id: string; roles: string[] }[];
  /** what could not be read, and so may be missing above */
  gaps: string[];
}

/**
 * The graph as seen from principals: those with this object id, their own or their application's, application id or name,
 * in any letter case. Two of one name are both shown.
 */
export function accessOf(wanted: string, facts: Facts, credentials: Credential[]): PrincipalAccess[] {
  const reach = reachOfPrincipals(facts);
  const known = { facts, credentials, names: principalNames(facts) };
  const unread = unreadRolesByPrincipal(facts);
  const ignored = ignoredRights(facts);
  return principalsNamed(wanted, facts).map((id) => {
    const held = { reach: [...(reach.get(id)?.values() ?? [])], unread: unread.get(id) ?? [] };
    const self = shown(id, held, known);
    return {
      ...self,
      // Graph would have to be asked for each person's groups.
      ...(self.kind === 'person' && !self.note && { note: 'what groups give a person is not looked at' }),
      registries: registriesOf(held),
      ignored: ignoredOf(id, ignored, reach, facts),
      gaps: gapLines(facts),
    };
  });
}

/** The registries that somebody opens, or may open by a role that could not be read. */
function registriesOf({ reach, unread }: Held): PrincipalAccess['registries'] {
  const known = new Map(reach.map(({ registry, grants }) => [registry, grants]));
  const doubtful = new Set(unread.flatMap(({ registries }) => registries));
  return [...new Set([...known.keys(), ...doubtful])]
    .map((registry) => ({
      registry: registry.name,
      id: registry.id,
      grants: certain(known.get(registry) ?? [], doubtful.has(registry)),
    }))
    .sort(byRegistry);
}

/** What a group has and its mode ignores, a member lacks as well, but for what it may do by other ways. */
function ignoredOf(
  id: string,
  ignored: Ignored[],
  reach: ReachByPrincipal,
  { groups, subscriptions }: Facts,
): PrincipalAccess['ignored'] {
  const around = new Map(
    groups.filter(({ members }) => members?.includes(id)).map((group) => [group.id.toLowerCase(), group]),
  );
  const found = new Map<string, PrincipalAccess['ignored'][number]>();
  for (const { principalId, registry, grants, roles } of ignored) {
    const group = around.get(principalId);
    if (principalId !== id && !group) continue;
    const has = reach.get(id)?.get(registry.id)?.grants ?? [];
    if (grants.every((grant) => has.includes(grant))) continue;
    const words = roles.map((one) => wayName({ ...one, ...(group && { group }) }, subscriptions));
    const known = found.get(registry.id);
    if (known) known.roles.push(...words);
    else found.set(registry.id, { registry: registry.name, id: registry.id, roles: words });
  }
  return [...found.values()].sort(byRegistry);
}

function byRegistry(a: { registry: string }, b: { registry: string }): number {
  return a.registry < b.registry ? -1 : 1;
}

/** Object ids, in lower case, of the principals with this object id, their own or their application's, application id or name. */
export function principalsNamed(wanted: string, facts: Facts): string[] {
  const text = wanted.toLowerCase();
  const ids = new Set(
    facts.roleAssignments.map(({ principalId }) => principalId.toLowerCase()).filter((id) => id === text),
  );
  for (const [id, name] of principalNames(facts)) if (id === text || name.toLowerCase() === text) ids.add(id);
  const named = facts.applications.filter(({ id }) => sameId(id, text));
  const appIds = new Set([text, ...named.map(({ appId }) => appId.toLowerCase())]);
  for (const { appId, id } of facts.servicePrincipals) if (appIds.has(appId.toLowerCase())) ids.add(id.toLowerCase());
  return [...ids].sort();
}
