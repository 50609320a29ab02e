import type { Azure } from './azure.ts';
import { readRecordedChanges } from './collect/changes.ts';
import { clockSkew, MOST_SKEW_MS } from './collect/clock.ts';
import { readSubscriptionsBelow } from './collect/managementGroups.ts';
import { readRegistries } from './collect/registries.ts';
import { countRegistries } from './collect/registryCounts.ts';
import { readSubscriptions } from './collect/subscriptions.ts';
import { cut } from './cut.ts';
import { NOT_VISIBLE, unseen, withForgotten, withoutFinished } from './forgotten.ts';
import { sameId } from './model/armId.ts';
import type { Instant, Subscription } from './model/estate.ts';
import { type Gap, gapCovers } from './model/gap.ts';
import type { Policy, PolicyProblem } from './model/policy.ts';
import { SOURCES } from './model/source.ts';
import { type Plan, type PlannedSubscription, type ShardName, TENANT_SHARD } from './model/sweep.ts';
import { partFor, shardsOfCut, subscriptionOf } from './shard.ts';
import { baselineSubscriptions } from './state/baselines.ts';
import { storeListed } from './state/listed.ts';
import { storePlan } from './state/plans.ts';
import { sweptShards } from './state/shardState.ts';
import type { Store } from './state/store.ts';

/** The code of the gap that stands for an empty list of subscriptions. */
export const NOTHING_VISIBLE = 'NothingVisible';

/** The code of the gap that stands for a list of other tenants' subscriptions only. */
export const OTHER_TENANT = 'OtherTenant';

export interface PlanRequest {
  policy: Policy;
  /** the policy is another than was uploaded, since that one cannot be used */
  policyProblem?: PolicyProblem;
  sweptAt: Instant;
  /** to be compared with Azure's before anything is stamped; undefined: what is swept is no matter of now */
  clock?(): Date;
  /** the most registries that one shard reads; undefined: as many as fit well into a message's time and memory */
  mostRegistries?: number;
  /** undefined: that of the subscriptions which the identity sees */
  tenantId?: string;
  /** its scope is somebody's question and not the policy's: nothing that is kept of what lies outside may change */
  isPart?: boolean;
}

/** Decides what a sweep covers, and stores it: one shard for the tenant, one for each subscription. */
export async function planSweep(azure: Azure, store: Store, request: PlanRequest): Promise<Plan> {
  const gaps: Gap[] = [];
  const seen = await readSubscriptions(azure, gaps);
  if (request.clock) await refuseWrongClock(azure, request.clock);
  const listed = gaps.length === 0;
  const tenantId = request.tenantId ?? commonTenant(seen);
  // One deployment serves one tenant: subscriptions that another tenant lets us see have another directory behind them.
  const own = seen.filter((subscription) => subscription.tenantId.toLowerCase() === tenantId.toLowerCase());
  if (listed && own.length === 0 && seen.length > 0) gaps.push(otherTenant(tenantId, seen));
  const wanted = await wantedOf(azure, request.policy, gaps);
  const swept = Map.groupBy(await sweptShards(store), (shard) => subscriptionOf(shard).toLowerCase());
  swept.delete('');
  const subscriptions = withForgotten(
    inScope(own, wanted.subscriptions, tenantId),
    [...swept.values()].flatMap(([shard]) => (shard ? subscriptionOf(shard) : [])),
    wanted.isWhole,
    tenantId,
  );
  if (request.isPart) refuseToLeave(subscriptions, store);
  const unfinished = await withoutFinished(store, subscriptions, swept);
  const planned = await cutAll(azure, store, unfinished, { ...request, swept });
  if (planned.length === 0 && gaps.length === 0) gaps.push(nothingVisible());
  // An economy: one query where every shard would need its own.
  const changes = await readRecordedChanges(azure, visible(planned), request.sweptAt, gaps);
  const baselinesOf = await baselineSubscriptions(store);
  const plan = await storePlan(store, {
    version: 1,
    sweepId: sweepIdOf(request.sweptAt),
    sweptAt: request.sweptAt,
    tenantId,
    policy: request.policy,
    ...(request.policyProblem && { policyProblem: request.policyProblem }),
    subscriptions: planned,
    ...(listed && { tenantSubscriptions: [...idsOf(own), ...idsOf(subscriptions.filter((one) => !isIn(seen, one)))] }),
    ...(changes && { changes }),
    baselinesOf,
    gaps,
  });
  await listForParts(azure, store, plan);
  return plan;
}

/**
 * Lists once what all parts of a subscription would list. Where that fails, or it is cut short, each part lists for itself,
 * and tells what it cannot read.
 */
async function listForParts(azure: Azure, store: Store, { sweepId, subscriptions }: Plan): Promise<void> {
  for (const { subscriptionId, parts = 1, retired } of subscriptions) {
    if (parts === 1 || retired) continue;
    const gaps: Gap[] = [];
    const registries = await readRegistries(azure, subscriptionId, gaps);
    if (gaps.some((gap) => gapCovers(gap, `/subscriptions/${subscriptionId}`))) continue;
    const listed = Map.groupBy(registries, ({ id }) => partFor(id, parts));
    const unclear = Map.groupBy(gaps, ({ scope }) => partFor(scope, parts));
    for (const [index, shard] of shardsOfCut(subscriptionId, parts).entries()) {
      const part = index + 1;
      await storeListed(store, sweepId, shard, { registries: listed.get(part) ?? [], gaps: unclear.get(part) ?? [] });
    }
  }
}

/** What was swept before and is left out now counts as out of scope, in the tenant's findings too. */
function refuseToLeave(planned: PlannedSubscription[], store: Store): void {
  const left = planned.filter(({ retired }) => retired).map(({ subscriptionId }) => subscriptionId);
  if (left.length === 0) return;
  throw new Error(
    `this sweep would leave out ${left.length === 1 ? 'a subscription' : `${left.length} subscriptions`} of which ${store.place} keeps findings (${left.slice(0, 3).join(', ')}${left.length > 3 ? ', …' : ''}): they would count as out of scope. Sweep them too, or keep the state of a part in another place`,
  );
}

/** A sweep from the future would hide all sweeps until then, and one from the past would be hidden itself. */
async function refuseWrongClock(azure: Azure, clock: () => Date): Promise<void> {
  // Whoever does not answer says nothing of the time either.
  const skew = await clockSkew(azure, clock).catch(() => 0);
  if (skew === undefined || Math.abs(skew) <= MOST_SKEW_MS) return;
  const off = `${Math.round(Math.abs(skew) / 1000)} s ${skew > 0 ? 'ahead of' : 'behind'}`;
  throw new Error(`the clock of this machine is ${off} Azure's: set it by a time server, then sweep again`);
}

/** The shards of a plan. */
export function shardsOf({ subscriptions }: Plan): ShardName[] {
  return [
    TENANT_SHARD,
    ...subscriptions.flatMap(({ subscriptionId, parts = 1 }) => shardsOfCut(subscriptionId, parts)),
  ];
}

/** `20261124T060000Z`: ids sort as their sweeps do. */
export function sweepIdOf(sweptAt: Instant): string {
  return sweptAt.replace(/[-:]|\.\d+/g, '');
}

/** The subscriptions that the policy names, or those below its management groups; none: all that can be seen. */
async function wantedOf(azure: Azure, { scope }: Policy, gaps: Gap[]) {
  const { subscriptions, managementGroups } = scope;
  if (!managementGroups) return { ...(subscriptions && { subscriptions }), isWhole: subscriptions !== undefined };
  const unread: Gap[] = [];
  const below = await readSubscriptionsBelow(azure, managementGroups, unread);
  gaps.push(...unread);
  // Behind a group that cannot be read nobody knows what the policy has left.
  return { subscriptions: below, isWhole: unread.length === 0 };
}

function inScope(seen: Subscription[], subscriptions: string[] | undefined, tenantId: string): PlannedSubscription[] {
  const planned = seen.map((subscription) => ({ ...subscription, retired: false }));
  if (!subscriptions) return planned;
  // One that was asked for and is not seen is swept all the same: that says why it cannot be read.
  const wanted = new Set(subscriptions.map((id) => id.toLowerCase()));
  return [...wanted].map((id) => planned.find((one) => sameId(one.subscriptionId, id)) ?? unseen(id, tenantId, false));
}

/** Cuts what is too large for one message; how large each is, one query tells for all. */
async function cutAll(
  azure: Azure,
  store: Store,
  planned: PlannedSubscription[],
  { swept, sweptAt, mostRegistries }: PlanRequest & { swept: Map<string, ShardName[]> },
): Promise<PlannedSubscription[]> {
  const counts = await countRegistries(azure, visible(planned));
  const cuts: PlannedSubscription[] = [];
  for (const subscription of planned) {
    const key = subscription.subscriptionId.toLowerCase();
    const size = { registries: counts.get(key), ...(mostRegistries && { mostRegistries }) };
    cuts.push(await cut(store, subscription, { ...size, sweptAt, swept: swept.get(key) ?? [] }));
  }
  return cuts;
}

function idsOf(subscriptions: Subscription[]): string[] {
  return subscriptions.map(({ subscriptionId }) => subscriptionId);
}

function isIn(subscriptions: Subscription[], { subscriptionId }: Subscription): boolean {
  return subscriptions.some((one) => sameId(one.subscriptionId, subscriptionId));
}

/** Resource Graph refuses a query over subscriptions that cannot be seen. */
function visible(planned: PlannedSubscription[]): string[] {
  return planned.filter(({ state, retired }) => state !== NOT_VISIBLE && !retired).map((one) => one.subscriptionId);
}

function commonTenant(subscriptions: Subscription[]): string {
  const counts = new Map<string, number>();
  for (const { tenantId } of subscriptions) counts.set(tenantId, (counts.get(tenantId) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? 'unknown';
}

/** Azure answers an identity without any right with an empty list, just as a tenant without subscriptions. */
function nothingVisible(): Gap {
  const { permission } = SOURCES.subscriptions;
  const reason = 'no subscription is visible to this identity: the tenant has none, or no right was granted yet';
  return { source: 'subscriptions', scope: '/', code: NOTHING_VISIBLE, reason, permission };
}

/** Whether the tenant that was asked for is a mistake, or this identity has no right there yet, only whoever asked can tell. */
function otherTenant(tenantId: string, seen: Subscription[]): Gap {
  const { permission } = SOURCES.subscriptions;
  const tenants = [...new Set(seen.map((one) => one.tenantId))];
  const others = `${tenants.slice(0, 3).join(', ')}${tenants.length > 3 ? ', …' : ''}`;
  const reason = `no subscription of tenant ${tenantId} is visible to this identity, only those of ${others}: AZURE_TENANT_ID names another tenant than is meant, or no right was granted in that one yet`;
  return { source: 'subscriptions', scope: '/', code: OTHER_TENANT, reason, permission };
}
