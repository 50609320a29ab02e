import type { Credential } from '../model/credential.ts';
import type { Facts } from '../model/estate.ts';
import { principalNames } from './names.ts';
import { reachOfPrincipals } from './reach.ts';
import { type ShownPrincipal, shown } from './tree.ts';

/** What a principal opens. */
export interface PrincipalAccess extends ShownPrincipal {
  registries: { registry: string; id: string; grants: string[] }[];
  /** what could not be read, and so may be missing above */
  gaps: string[];
}

/**
 * The graph as seen from principals: those with this object id, application id or name, in any letter case. Two of one
 * name are both shown.
 */
export function accessOf(wanted: string, facts: Facts, credentials: Credential[]): PrincipalAccess[] {
  const reach = reachOfPrincipals(facts);
  const known = { facts, credentials, names: principalNames(facts) };
  return idsOf(wanted, facts, known.names).map((id) => {
    const opens = [...(reach.get(id)?.values() ?? [])];
    return {
      ...shown(id, opens, known),
      registries: opens
        .map(({ registry, grants }) => ({ registry: registry.name, id: registry.id, grants }))
        .sort((a, b) => (a.registry < b.registry ? -1 : 1)),
      gaps: facts.gaps.map(({ reason }) => reason),
    };
  });
}

function idsOf(wanted: string, facts: Facts, names: Map<string, string>): string[] {
  const text = wanted.toLowerCase();
  const ids = new Set(
    facts.roleAssignments.map(({ principalId }) => principalId.toLowerCase()).filter((id) => id === text),
  );
  for (const [id, name] of names) if (id === text || name.toLowerCase() === text) ids.add(id);
  for (const { appId, id } of facts.servicePrincipals) if (appId.toLowerCase() === text) ids.add(id.toLowerCase());
  return [...ids].sort();
}
