import pLimit from 'p-limit';
import { givenRoles } from '../access/reach.ts';
import { registriesBelow } from '../access/scopes.ts';
import type { Azure } from '../azure.ts';
import { lastSegment, parseArmId, sameId } from '../model/armId.ts';
import {
  type Facts,
  noFacts,
  type Registry,
  type RoleAssignment,
  type RoleDefinition,
  type Subscription,
} from '../model/estate.ts';
import { type Gap, gapCovers } from '../model/gap.ts';
import type { Policy } from '../model/policy.ts';
import type { Source } from '../model/source.ts';
import { readClusters } from './clusters.ts';
import { readDirectory } from './directoryAccess.ts';
import { confirmMissing, readRegistries } from './registries.ts';
import { readRoleAssignments, readRoleDefinition } from './roles.ts';
import type { Seldom } from './seldom.ts';
import { readVaultedCredentials } from './vaultedCredentials.ts';

/** Subscriptions have quotas of their own, so more of them at once do win time. */
const AT_ONCE = 16;

export interface TenantScope {
  tenantId: string;
  subscriptions: Subscription[];
  /** ids of the registries that the last sweep saw: those that are not listed any more are asked for one by one */
  known?: string[];
  inScope(registry: Registry): boolean;
  /** where registry credentials are kept */
  vaults: Policy['vaults'];
  /** what the checks that take part stand on: a permission that nobody needs is not asked for */
  needed: ReadonlySet<Source>;
  /** what earlier sweeps have read of what changes seldom */
  memory: Seldom;
}

/**
 * Reads what the tenant shard judges, once and with the whole picture: who holds which role on which registry, and the
 * credentials of those who do. Three requests a subscription, one a role, two a group, one in a thousand principals.
 */
export async function collectTenant(azure: Azure, scope: TenantScope): Promise<Facts> {
  const gaps: Gap[] = [];
  const lists = await pLimit(AT_ONCE).map(scope.subscriptions, async ({ subscriptionId }) => ({
    registries: await readRegistries(azure, subscriptionId, gaps),
    assignments: await readRoleAssignments(azure, subscriptionId, gaps),
    clusters: scope.needed.has('clusters') ? await readClusters(azure, subscriptionId, gaps) : [],
  }));
  const listed = lists.flatMap((list) => list.registries);
  const all = [...listed, ...(await notListed(azure, scope, listed, gaps))];
  // Each subscription's own shard reads this list too: one finding is enough for both.
  for (const gap of gaps) if (gap.source === 'registries') gap.toldElsewhere = true;
  const registries = all.filter(scope.inScope);
  const assignments = onRegistries(
    lists.flatMap((list) => list.assignments),
    registries,
  );
  const facts: Facts = {
    ...noFacts(scope.tenantId),
    subscriptions: scope.subscriptions,
    registries,
    roleAssignments: assignments,
    roleDefinitions: await readRoles(azure, assignments, gaps),
    clusters: lists.flatMap((list) => list.clusters),
    excluded: all.filter((registry) => !scope.inScope(registry)).map(({ id }) => id),
    gaps,
  };
  Object.assign(facts, await readDirectory(azure, facts, holders(facts), scope));
  Object.assign(
    facts,
    await readVaultedCredentials(azure, facts, scope.needed.has('vaultSecrets') ? scope.vaults : []),
  );
  facts.ages = scope.memory.ages();
  return facts;
}

/** Registries of last time that a list has left out, and that are there all the same. */
async function notListed(
  azure: Azure,
  { subscriptions, known = [] }: TenantScope,
  listed: Registry[],
  gaps: Gap[],
): Promise<Registry[]> {
  const seen = new Set(listed.map(({ id }) => id.toLowerCase()));
  const missing = known.filter(
    (id) =>
      !seen.has(id.toLowerCase()) &&
      subscriptions.some(({ subscriptionId }) => sameId(subscriptionId, parseArmId(id).subscriptionId)) &&
      !gaps.some((gap) => gap.source === 'registries' && gapCovers(gap, id)),
  );
  return (await confirmMissing(azure, missing, gaps)).stillThere;
}

/** The assignments whose role does something at a registry: those of other services concern nobody here. */
function holders(facts: Facts): RoleAssignment[] {
  return givenRoles(facts)
    .filter((given) => given.concernsRegistries)
    .map(({ assignment }) => assignment);
}

/** Each assignment once, with all the subscriptions in whose lists it stood, if it holds at any registry. */
function onRegistries(assignments: RoleAssignment[], registries: Registry[]): RoleAssignment[] {
  const byId = new Map<string, RoleAssignment>();
  for (const assignment of assignments) {
    const key = assignment.id.toLowerCase();
    const seen = byId.get(key);
    if (seen) seen.seenIn.push(...assignment.seenIn);
    else byId.set(key, assignment);
  }
  const below = registriesBelow(registries);
  return [...byId.values()].filter((assignment) => below(assignment).length > 0);
}

async function readRoles(azure: Azure, assignments: RoleAssignment[], gaps: Gap[]): Promise<RoleDefinition[]> {
  const wanted = new Map<string, { id: string; usedIn: Set<string> }>();
  for (const { roleDefinitionId, seenIn } of assignments) {
    const key = lastSegment(roleDefinitionId).toLowerCase();
    const role = wanted.get(key) ?? { id: roleDefinitionId, usedIn: new Set() };
    for (const subscriptionId of seenIn) role.usedIn.add(subscriptionId);
    wanted.set(key, role);
  }
  const roles = await pLimit(AT_ONCE).map([...wanted.values()], ({ id, usedIn }) =>
    readRoleDefinition(azure, id, [...usedIn], gaps),
  );
  return roles.filter((role) => role !== undefined);
}
