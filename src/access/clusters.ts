import { lastSegment } from '../model/armId.ts';
import type { Cluster, Facts, Group, Registry } from '../model/estate.ts';
import { mayHideRegistries } from '../model/gap.ts';
import type { Policy } from '../model/policy.ts';
import { doubtsOf } from './doubt.ts';
import { ignoredRights } from './ignored.ts';
import { reachOfPrincipals } from './reach.ts';

/** A cluster whose nodes cannot pull from where they should. */
export interface BlockedCluster {
  cluster: Cluster;
  /** object id of the identity that pulls; undefined: it has no role at any registry, and so is not known here */
  identityId?: string;
  /** where it should be able to pull from */
  registries: Registry[];
  /** `ignored`: it has a role there, which the ABAC mode ignores; `deleted`, `disabled`: its identity is, whatever it was given */
  why: 'no right' | 'ignored' | 'deleted' | 'disabled';
}

/**
 * Clusters that the policy integrates with a registry and that have no pull right there; and any cluster whose only pull
 * right is one that ABAC mode ignores (semantics §4). A right that may be there unseen is not called missing; one of an
 * identity that is deleted or disabled is none.
 */
export function blockedClusters(facts: Facts, { integrations }: Policy): BlockedCluster[] {
  if (facts.clusters.length === 0) return [];
  const reach = reachOfPrincipals(facts);
  const ignored = Map.groupBy(
    ignoredRights(facts).filter(({ grants }) => grants.includes('pull')),
    ({ principalId }) => principalId,
  );
  const holders = holdersIn(facts.groups.filter(({ id }) => ignored.has(id.toLowerCase())));
  const isInDoubt = doubtsOf(facts);
  const unusable = unusableIdentities(facts);
  const objectIds = new Map(facts.servicePrincipals.map(({ appId, id }) => [appId.toLowerCase(), id.toLowerCase()]));
  return facts.clusters.flatMap((cluster) => {
    const identityId = cluster.kubeletId?.toLowerCase() ?? objectIds.get(cluster.clientId?.toLowerCase() ?? '');
    const lost = unusable.get(identityId ?? '');
    const opens = lost ? undefined : reach.get(identityId ?? '');
    const pullsFrom = ({ id }: Registry): boolean => opens?.get(id)?.grants.includes('pull') === true;
    const mayPullFrom = (one: Registry): boolean => pullsFrom(one) || (!lost && isInDoubt(identityId, one));
    const given = holders(identityId ?? '').flatMap((id) => ignored.get(id) ?? []);
    const useless = [...new Set(given.map(({ registry }) => registry))].filter((registry) => !pullsFrom(registry));
    const wanted = integrations
      .filter((one) => isNamed(one.cluster, cluster))
      .flatMap((one) => facts.registries.filter((registry) => isNamed(one.registry, registry)));
    // The policy may name one twice, by its name and by its id.
    const blocked = [...new Set(wanted)].filter((registry) => !mayPullFrom(registry));
    const known = { cluster, ...(identityId && { identityId }) };
    if (blocked.length > 0) {
      const why = lost ?? (blocked.every((registry) => useless.includes(registry)) ? 'ignored' : 'no right');
      return [{ ...known, registries: blocked, why }];
    }
    if (useless.length === 0 || mayHideRegistries('/', facts.gaps)) return [];
    if (facts.registries.some(mayPullFrom)) return [];
    return [{ ...known, registries: useless, why: lost ?? 'ignored' }];
  });
}

/** Object ids, in lower case, of those that sign in nowhere, whatever was given to them. */
function unusableIdentities({ missingPrincipals, servicePrincipals }: Facts): Map<string, 'deleted' | 'disabled'> {
  const disabled = servicePrincipals.filter(({ enabled }) => !enabled);
  return new Map([
    ...disabled.map(({ id }) => [id.toLowerCase(), 'disabled'] as const),
    ...missingPrincipals.map((id) => [id, 'deleted'] as const),
  ]);
}

/** Those by whom a principal comes to its rights: itself, and the groups that it is in. */
function holdersIn(groups: Group[]): (principalId: string) => string[] {
  const around = new Map<string, string[]>();
  for (const { id, members = [] } of groups) {
    for (const member of members) around.set(member, [...(around.get(member) ?? []), id.toLowerCase()]);
  }
  return (principalId) => [principalId, ...(around.get(principalId) ?? [])];
}

/** Whether the policy means this one: it names things by name or by resource id. */
export function isNamed(wanted: string, { id, name }: { id: string; name: string }): boolean {
  const text = wanted.toLowerCase();
  return text.includes('/') ? text === id.toLowerCase() : lastSegment(text) === name.toLowerCase();
}
