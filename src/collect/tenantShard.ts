import pLimit from 'p-limit';
import { registriesBelow } from '../access/scopes.ts';
import type { Azure } from '../azure.ts';
import { interned } from '../interned.ts';
import { parseArmId, sameId } from '../model/armId.ts';
import {
  type DirectorySecret,
  type Facts,
  noFacts,
  type Registry,
  type RoleDefinition,
  type Subscription,
} from '../model/estate.ts';
import { type Gap, gapCovers } from '../model/gap.ts';
import type { Policy } from '../model/policy.ts';
import type { Source } from '../model/source.ts';
import { readClusters } from './clusters.ts';
import { readDirectory } from './directoryAccess.ts';
import { confirmMissing, readRegistries } from './registries.ts';
import { readRoleDefinition } from './roles.ts';
import type { Seldom } from './seldom.ts';
import { assignmentLists, type HeldAssignments } from './tenantAssignments.ts';
import { allParts, type TenantPart, tenantParts } from './tenantParts.ts';
import { readVaultedCredentials } from './vaultedCredentials.ts';
import { longestWaitingFirst, type NotReached } from './waiting.ts';

/** Subscriptions have quotas of their own, so more of them at once do win time. */
const AT_ONCE = 16;

export interface TenantScope {
  tenantId: string;
  subscriptions: Subscription[];
  /** ids of the registries that the last sweep saw: those that are not listed any more are asked for one by one */
  known?: string[];
  /** they come first */
  notReached?: NotReached;
  inScope(registry: Registry): boolean;
  /** where registry credentials are kept */
  vaults: Policy['vaults'];
  /** what the checks that take part stand on: a permission that nobody needs is not asked for */
  needed: ReadonlySet<Source>;
  /** what earlier sweeps have read of what changes seldom */
  memory: Seldom;
  /** the directory is asked also for those of whom it is not known that they open a registry, with their applications */
  evenUnread?: boolean;
  /** whether federated credentials that are remembered say whom the end of a secret of their holder's pages; undefined: none */
  isDecisive?(federated: string[], secrets: DirectorySecret[]): boolean;
  /** how many assignments, about, are looked at together; undefined: as many as memory is spared by */
  together?: number;
}

/** What the tenant shard has read. */
export interface TenantFacts {
  /** what is of no single principal, and every gap */
  whole: Facts;
  /** everything, some principals at a time: all of a large tenant at once is too much for a small instance's memory */
  parts(): Iterable<TenantPart>;
  /** everything at once */
  all(): Facts;
}

/**
 * Reads what the tenant shard judges, once and with the whole picture: who holds which role on which registry, and the
 * credentials of those who do. Three requests a subscription, one a role, three a group, one in a thousand principals.
 */
export async function readTenant(azure: Azure, scope: TenantScope): Promise<TenantFacts> {
  const gaps: Gap[] = [];
  const ids = scope.subscriptions.map(({ subscriptionId }) => subscriptionId);
  const assignments = assignmentLists(azure, { subscriptions: ids, known: scope.known ?? [], gaps });
  const once = interned();
  const read = new Map<string, Pick<Facts, 'registries' | 'clusters'>>();
  await pLimit(AT_ONCE).map(inTurn(ids, scope.notReached), async (subscriptionId) => {
    const registries = await readRegistries(azure, subscriptionId, gaps);
    for (const registry of registries) keepAlike(registry, once);
    await assignments.read(subscriptionId, registries);
    const clusters = scope.needed.has('clusters') ? await readClusters(azure, subscriptionId, gaps) : [];
    read.set(subscriptionId, { registries, clusters });
  });
  const estates = ids.flatMap((id) => read.get(id) ?? []);
  const listed = estates.flatMap(({ registries }) => registries);
  const all = [...listed, ...(await notListed(azure, scope, listed, gaps))];
  // Each subscription's own shard reads this list too, with the same rights: one finding is enough for both. What failed in
  // another way may have failed here alone.
  for (const gap of gaps) {
    if (gap.source !== 'registries') continue;
    if (gap.permission) gap.toldElsewhere = true;
    else gap.toldAt = { resourceId: gap.scope, subject: 'registries, tenant' };
  }
  const registries = all.filter(scope.inScope);
  const below = registriesBelow(registries);
  const held = assignments.held(below);
  const whole: Facts = {
    ...noFacts(scope.tenantId),
    subscriptions: scope.subscriptions,
    registries,
    roleAssignments: held.ofGroups,
    roleDefinitions: await readRoles(azure, held.roles, gaps),
    clusters: estates.flatMap(({ clusters }) => clusters),
    excluded: all.filter((registry) => !scope.inScope(registry)).map(({ id }) => id),
    gaps,
  };
  const lists = await readDirectory(azure, whole, { assignments: held.ofOthers, below }, scope);
  Object.assign(
    whole,
    await readVaultedCredentials(azure, whole, scope.needed.has('vaultSecrets') ? scope.vaults : []),
  );
  return { whole, parts: () => tenantParts(whole, lists, below), all: () => allParts(whole, lists) };
}

/** The subscriptions with those in front of which earlier sweeps did not come to some list. */
function inTurn(ids: string[], { registries = [], roleAssignments = [], clusters = [] }: NotReached = {}): string[] {
  return longestWaitingFirst(ids, (id) => `/subscriptions/${id}`, [registries, roleAssignments, clusters]);
}

/** What thousands of registries have alike is kept once: all of a tenant's are in memory together. */
function keepAlike(registry: Registry, once: <T>(value: T) => T): void {
  registry.subscriptionId = once(registry.subscriptionId);
  registry.resourceGroup = once(registry.resourceGroup);
  registry.location = once(registry.location);
  registry.tags = once(registry.tags);
  registry.ipRules = once(registry.ipRules);
  registry.dataEndpointHostNames = once(registry.dataEndpointHostNames);
  registry.privateEndpointConnections = once(registry.privateEndpointConnections);
}

/** All that {@link readTenant} reads, at once. */
export async function collectTenant(azure: Azure, scope: TenantScope): Promise<Facts> {
  return (await readTenant(azure, scope)).all();
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

async function readRoles(azure: Azure, wanted: HeldAssignments['roles'], gaps: Gap[]): Promise<RoleDefinition[]> {
  const roles = await pLimit(AT_ONCE).map([...wanted.values()], ({ id, usedIn }) =>
    readRoleDefinition(azure, id, [...usedIn], gaps),
  );
  return roles.filter((role) => role !== undefined);
}
