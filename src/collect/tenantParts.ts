import type { RegistriesBelow } from '../access/scopes.ts';
import type { Bins, ByPrincipal } from '../byPrincipal.ts';
import { lastSegment } from '../model/armId.ts';
import type { Application, Facts, RoleAssignment, ServicePrincipal } from '../model/estate.ts';
import type { Seldom } from './seldom.ts';

/** Some principals with all that is known of them, or, without `bins`, what is of no principal. */
export interface TenantPart {
  bins?: Bins;
  facts: Facts;
}

/** What is of principals. */
export interface OfPrincipals {
  /** all bins, some of them at a time */
  shares: Bins[];
  /** what was given to others than groups */
  assignments: ByPrincipal<RoleAssignment>;
  principals: ByPrincipal<ServicePrincipal>;
  applications: ByPrincipal<Application>;
  /** when what is remembered of them was read */
  ages: Seldom['ages'];
}

type Own = Pick<Facts, 'roleAssignments' | 'servicePrincipals' | 'applications'>;

/**
 * Share by share what is known of its principals, beside what groups were given; and last the clusters and vault secrets,
 * with the principals that they name.
 */
export function* tenantParts(whole: Facts, lists: OfPrincipals, below: RegistriesBelow): Generator<TenantPart> {
  const namedIn = namedBy(whole);
  const named: Own[] = [];
  for (const bins of lists.shares) {
    const own = ownOf(lists, bins);
    named.push(namedIn(own));
    yield { bins, facts: { ...shareOf(whole, own, below), ages: lists.ages(bins) } };
  }
  yield { facts: withOwn(whole, named) };
}

/** All of it at once. */
export function allParts(whole: Facts, lists: OfPrincipals): Facts {
  const own = lists.shares.map((bins) => ownOf(lists, bins));
  return { ...withOwn(whole, own), ages: lists.ages() };
}

/** The facts of some principals, where only registries count that they or the groups may open. */
export function shareOf(whole: Facts, own: Own, below: RegistriesBelow): Facts {
  const facts = withOwn(whole, [own]);
  const reached = new Set(facts.roleAssignments.flatMap(below));
  const registries = whole.registries.filter((registry) => reached.has(registry));
  return { ...facts, registries, clusters: [], vaultSecrets: [] };
}

function ownOf({ assignments, principals, applications }: OfPrincipals, bins: Bins): Own {
  return {
    roleAssignments: [...assignments.within(bins)],
    servicePrincipals: [...principals.within(bins)],
    applications: [...applications.within(bins)],
  };
}

function withOwn(whole: Facts, own: Own[]): Facts {
  return {
    ...whole,
    roleAssignments: [...whole.roleAssignments, ...own.flatMap(({ roleAssignments }) => roleAssignments)],
    servicePrincipals: own.flatMap(({ servicePrincipals }) => servicePrincipals),
    applications: own.flatMap(({ applications }) => applications),
  };
}

/**
 * What clusters and vault secrets have to know of principals: those that they name, and all whose role is not known, since
 * an identity without a name may be any of them.
 */
function namedBy({ clusters, vaultSecrets, roleDefinitions }: Facts): (own: Own) => Own {
  const lower = (id: string | undefined): string[] => (id === undefined ? [] : [id.toLowerCase()]);
  const ids = new Set(clusters.flatMap(({ kubeletId }) => lower(kubeletId)));
  const appIds = new Set([
    ...clusters.flatMap(({ clientId }) => lower(clientId)),
    ...vaultSecrets.flatMap(({ holds }) => (holds.type === 'application' ? lower(holds.appId) : [])),
  ]);
  const known = new Set(roleDefinitions.map(({ roleId }) => roleId.toLowerCase()));
  return ({ roleAssignments, servicePrincipals, applications }) => {
    const principals = servicePrincipals.filter(
      ({ id, appId }) => ids.has(id.toLowerCase()) || appIds.has(appId.toLowerCase()),
    );
    const holders = new Set([...ids, ...principals.flatMap(({ id }) => lower(id))]);
    const own = new Set(principals.flatMap(({ appId }) => lower(appId)));
    return {
      roleAssignments: roleAssignments.filter(
        ({ principalId, roleDefinitionId }) =>
          holders.has(principalId.toLowerCase()) || !known.has(lastSegment(roleDefinitionId).toLowerCase()),
      ),
      servicePrincipals: principals,
      applications: applications.filter(({ appId }) => own.has(appId.toLowerCase())),
    };
  };
}
