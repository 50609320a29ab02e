import pLimit from 'p-limit';
import type { Azure } from '../azure.ts';
import { lastSegment, sameId } from '../model/armId.ts';
import { type Facts, noFacts, type Registry, type ScopeMap, type Subscription, type Token } from '../model/estate.ts';
import { type Gap, gapCovers } from '../model/gap.ts';
import type { Source } from '../model/source.ts';
import { readDefenderPlan } from './defenderPlans.ts';
import { confirmMissing, readRegistries } from './registries.ts';
import { detailReader } from './registryDetails.ts';
import type { Seldom } from './seldom.ts';
import { readSoftDelete } from './softDelete.ts';
import { readScopeMaps, readTokens } from './tokens.ts';

/** ARM's read quota is per subscription and refills by 25 a second: a few requests at once already reach its edge. */
const AT_ONCE = 8;

export interface SubscriptionScope {
  tenantId: string;
  subscription: Subscription;
  /** ids of the registries that the last sweep saw: those that are not listed any more are asked for one by one */
  known: string[];
  /** whether the policy wants the registry judged */
  inScope(registry: Registry): boolean;
  /** what the checks that take part stand on; tokens and scope maps are read in any case, for the table of credentials */
  needed: ReadonlySet<Source>;
  /** what earlier sweeps have read of what changes seldom */
  memory: Seldom;
  /** ids of all subscriptions of the tenant that can be seen; undefined: their list is broken */
  tenantSubscriptions?: string[];
}

/** Reads what the subscription shard judges: registries with their tokens and scope maps, and what else is needed. */
export async function collectSubscription(azure: Azure, scope: SubscriptionScope): Promise<Facts> {
  const gaps: Gap[] = [];
  const { subscriptionId } = scope.subscription;
  const listed = await readRegistries(azure, subscriptionId, gaps);
  // Behind a gap it is unknown anyway; asking for each would cost a request a registry.
  const there = new Set(listed.map(({ id }) => id.toLowerCase()));
  const missing = scope.known.filter((id) => !there.has(id.toLowerCase()) && !gaps.some((gap) => gapCovers(gap, id)));
  const { deleted, stillThere } = await confirmMissing(azure, missing, gaps);
  const all = [...listed, ...stillThere];
  const registries = all.filter(scope.inScope);
  const vanished: string[] = [];
  const tokens: Token[] = [];
  const scopeMaps: ScopeMap[] = [];
  const limit = pLimit(AT_ONCE);
  const reader = detailReader(azure, scope.needed, scope.memory, gaps);
  await limit.map(registries, async (registry) => {
    const read = await readTokens(azure, registry, gaps);
    if (read.deleted || (await reader.read(registry))) {
      vanished.push(registry.id);
      return;
    }
    tokens.push(...read.tokens);
    // Scope maps matter only through tokens that someone can sign in with.
    const live = read.tokens.some((token) => token.enabled && token.passwords.length + token.certificates.length > 0);
    if (!live) return;
    const isStale = (maps: ScopeMap[]): boolean => read.tokens.some((token) => !isKnown(token, maps));
    const reading = (own: Gap[]): Promise<ScopeMap[]> => readScopeMaps(azure, registry, own);
    scopeMaps.push(...(await scope.memory.read({ source: 'scopeMaps', registry, isStale, read: reading }, gaps)));
  });
  deleted.push(...(await notListedAnyMore(azure, subscriptionId, vanished, gaps)));
  const left = registries.filter((registry) => !vanished.includes(registry.id));
  const asks = (source: Source): boolean => scope.needed.has(source) && left.length > 0;
  if (asks('softDelete')) await readSoftDelete(azure, subscriptionId, left, gaps);
  const plan = asks('defenderPlans') ? await readDefenderPlan(azure, subscriptionId, gaps) : undefined;
  return {
    ...noFacts(scope.tenantId),
    ...reader.details,
    ...(scope.tenantSubscriptions && { tenantSubscriptions: scope.tenantSubscriptions }),
    subscriptions: [scope.subscription],
    registries: left,
    tokens,
    scopeMaps,
    defenderPlans: plan ? [plan] : [],
    deleted,
    excluded: all.filter((registry) => !scope.inScope(registry)).map(({ id }) => id),
    ages: scope.memory.ages(),
    gaps,
  };
}

/**
 * Of the registries that were not there when they were read, those that the list does not have any more either. Where
 * Azure contradicts itself nothing is known: a gap.
 */
async function notListedAnyMore(
  azure: Azure,
  subscriptionId: string,
  vanished: string[],
  gaps: Gap[],
): Promise<string[]> {
  if (vanished.length === 0) return [];
  const failed: Gap[] = [];
  const listed = new Set((await readRegistries(azure, subscriptionId, failed)).map(({ id }) => id.toLowerCase()));
  const unclear = vanished.filter((id) => listed.has(id.toLowerCase()) || failed.some((gap) => gapCovers(gap, id)));
  for (const scope of unclear) {
    const reason = `cannot read the container registry ${lastSegment(scope)}: Azure lists it, and says that it is not there when it is asked for`;
    gaps.push({ source: 'registries', scope, code: 'Contradiction', reason });
  }
  return vanished.filter((id) => !unclear.includes(id));
}

/** A token may have been given a scope map that was made since the maps were read. */
function isKnown({ scopeMapId }: Token, maps: ScopeMap[]): boolean {
  return scopeMapId === undefined || maps.some(({ id }) => sameId(id, scopeMapId));
}
