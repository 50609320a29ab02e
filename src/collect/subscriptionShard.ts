import pLimit from 'p-limit';
import type { Azure } from '../azure.ts';
import { lastSegment, sameId } from '../model/armId.ts';
import { type Facts, noFacts, type Registry, type ScopeMap, type Subscription, type Token } from '../model/estate.ts';
import { type Gap, gapCovers } from '../model/gap.ts';
import type { Source } from '../model/source.ts';
import { holds, type Part } from '../shard.ts';
import type { Listed } from '../state/listed.ts';
import { readDefenderPlan } from './defenderPlans.ts';
import { confirmMissing, readRegistries } from './registries.ts';
import { detailReader } from './registryDetails.ts';
import type { Seldom } from './seldom.ts';
import { readSoftDelete } from './softDelete.ts';
import { readScopeMaps, readTokens } from './tokens.ts';
import { longestWaitingFirst, type NotReached } from './waiting.ts';

/** ARM's read quota is per subscription and refills by 25 a second: a few requests at once already reach its edge. */
const AT_ONCE = 8;

export interface SubscriptionScope {
  tenantId: string;
  subscription: Subscription;
  /** of which registries alone are read */
  part: Part;
  /** ids of the registries that the last sweep saw: those that are not listed any more are asked for one by one */
  known: string[];
  /** whether the policy wants the registry judged */
  inScope(registry: Registry): boolean;
  /** what the checks that take part stand on; tokens and scope maps are read in any case, for the table of credentials */
  needed: ReadonlySet<Source>;
  /** they come first */
  notReached: NotReached;
  /** what earlier sweeps have read of what changes seldom */
  memory: Seldom;
  /** its registries, where they were listed for all parts at once */
  listed?: Listed;
  /** ids of all subscriptions of the tenant, as the plan knows them; undefined: their list is broken */
  tenantSubscriptions?: string[];
}

/** Reads what the subscription shard judges: registries with their tokens and scope maps, and what else is needed. */
export async function collectSubscription(azure: Azure, scope: SubscriptionScope): Promise<Facts> {
  const gaps: Gap[] = [...(scope.listed?.gaps ?? [])];
  const { subscriptionId } = scope.subscription;
  const isOwn = (id: string): boolean => holds(scope.part, id);
  const listed = scope.listed?.registries ?? (await readRegistries(azure, subscriptionId, gaps, isOwn));
  // Behind a gap it is unknown anyway; asking for each would cost a request a registry.
  const there = new Set(listed.map(({ id }) => id.toLowerCase()));
  const missing = scope.known.filter((id) => !there.has(id.toLowerCase()) && !gaps.some((gap) => gapCovers(gap, id)));
  const { deleted, stillThere } = await confirmMissing(azure, missing, gaps);
  const all = [...listed, ...stillThere];
  const registries = all.filter(scope.inScope);
  const { tokens: late = [], ...lateDetails } = scope.notReached;
  const vanished = new Set<string>();
  const tokens = new Map<Registry, Token[]>();
  const scopeMaps: ScopeMap[] = [];
  const limit = pLimit(AT_ONCE);
  // A token that expires is what pages: should the time not suffice, those of all registries are known first.
  await limit.map(longestWaitingFirst(registries, idOf, [late]), async (registry) => {
    const read = await readTokens(azure, registry, gaps);
    if (read.deleted) vanished.add(registry.id);
    else tokens.set(registry, read.tokens);
  });
  const reader = detailReader(azure, scope.needed, scope.memory, gaps);
  const waiting = registries.filter(({ id }) => !vanished.has(id));
  await limit.map(longestWaitingFirst(waiting, idOf, Object.values(lateDetails)), async (registry) => {
    if (await reader.read(registry)) {
      vanished.add(registry.id);
      return;
    }
    const own = tokens.get(registry) ?? [];
    // Scope maps matter only through tokens that someone can sign in with.
    const live = own.some((token) => token.enabled && token.passwords.length + token.certificates.length > 0);
    if (!live) return;
    const isStale = (maps: ScopeMap[]): boolean => own.some((token) => !isKnown(token, maps));
    const reading = (failed: Gap[]): Promise<ScopeMap[]> => readScopeMaps(azure, registry, failed);
    scopeMaps.push(...(await scope.memory.read({ source: 'scopeMaps', registry, isStale, read: reading }, gaps)));
  });
  deleted.push(...(await notListedAnyMore(azure, subscriptionId, [...vanished], gaps)));
  const left = registries.filter(({ id }) => !vanished.has(id));
  if (scope.needed.has('softDelete') && left.length > 0) await readSoftDelete(azure, subscriptionId, left, gaps);
  const plan =
    scope.needed.has('defenderPlans') && asksForAll(scope.part, left, gaps)
      ? await readDefenderPlan(azure, subscriptionId, gaps)
      : undefined;
  return {
    ...noFacts(scope.tenantId),
    ...reader.details,
    ...(scope.tenantSubscriptions && { tenantSubscriptions: scope.tenantSubscriptions }),
    subscriptions: [scope.subscription],
    registries: left,
    tokens: left.flatMap((registry) => tokens.get(registry) ?? []),
    scopeMaps,
    defenderPlans: plan ? [plan] : [],
    deleted,
    excluded: all.filter((registry) => !scope.inScope(registry)).map(({ id }) => id),
    ages: scope.memory.ages(),
    gaps,
  };
}

/**
 * Whether a shard asks what is its subscription's own and matters only with a registry: the first part does. Those of a cut
 * subscription may all be of other parts, and where one cannot be read, nobody knows that there is none.
 */
function asksForAll({ subscriptionId, part, parts }: Part, seen: Registry[], gaps: Gap[]): boolean {
  const unread = gaps.filter(({ source }) => source === 'registries');
  if (part > 1 || unread.some((gap) => gapCovers(gap, `/subscriptions/${subscriptionId}`))) return false;
  return parts > 1 || seen.length > 0 || unread.length > 0;
}

function idOf({ id }: Registry): string {
  return id;
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
  const asked = new Set(vanished.map((id) => id.toLowerCase()));
  const again = await readRegistries(azure, subscriptionId, failed, (id) => asked.has(id.toLowerCase()));
  const listed = new Set(again.map(({ id }) => id.toLowerCase()));
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
