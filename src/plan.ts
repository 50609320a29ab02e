import type { Azure } from './azure.ts';
import { readSubscriptions } from './collect/subscriptions.ts';
import type { Instant, Subscription } from './model/estate.ts';
import type { Gap } from './model/gap.ts';
import type { Policy } from './model/policy.ts';
import { SOURCES } from './model/source.ts';
import { type Plan, type PlannedSubscription, type ShardName, TENANT_SHARD } from './model/sweep.ts';
import { storePlan } from './state/plans.ts';
import { loadState, sweptShards } from './state/shardState.ts';
import type { Store } from './state/store.ts';

export interface PlanRequest {
  policy: Policy;
  sweptAt: Instant;
  /** undefined: that of the subscriptions which the identity sees */
  tenantId?: string;
}

/** Decides what a sweep covers, and stores it: one shard for the tenant, one for each subscription. */
export async function planSweep(azure: Azure, store: Store, request: PlanRequest): Promise<Plan> {
  const gaps: Gap[] = [];
  const seen = await readSubscriptions(azure, gaps);
  const tenantId = request.tenantId ?? commonTenant(seen);
  // One deployment serves one tenant: subscriptions that another tenant lets us see have another directory behind them.
  const own = seen.filter((subscription) => subscription.tenantId.toLowerCase() === tenantId.toLowerCase());
  const subscriptions = withForgotten(
    inScope(own, request.policy, tenantId),
    await sweptShards(store),
    request,
    tenantId,
  );
  const planned = await withoutFinished(store, subscriptions);
  if (planned.length === 0 && gaps.length === 0) gaps.push(nothingVisible());
  return storePlan(store, {
    version: 1,
    sweepId: sweepIdOf(request.sweptAt),
    sweptAt: request.sweptAt,
    tenantId,
    policy: request.policy,
    subscriptions: planned,
    gaps,
  });
}

/** The shards of a plan. */
export function shardsOf({ subscriptions }: Plan): ShardName[] {
  return [TENANT_SHARD, ...subscriptions.map(({ subscriptionId }) => subscriptionId)];
}

/** `20261124T060000Z`: ids sort as their sweeps do. */
export function sweepIdOf(sweptAt: Instant): string {
  return sweptAt.replace(/[-:]|\.\d+/g, '');
}

function inScope(seen: Subscription[], { scope }: Policy, tenantId: string): PlannedSubscription[] {
  const planned = seen.map((subscription) => ({ ...subscription, retired: false }));
  if (!scope.subscriptions) return planned;
  // One that was asked for and is not seen is swept all the same: that says why it cannot be read.
  return scope.subscriptions.map(
    (id) => planned.find((one) => isSame(one.subscriptionId, id)) ?? unseen(id, tenantId, false),
  );
}

/** Adds what was swept before and is not seen now: its findings must not fall silent. */
function withForgotten(
  planned: PlannedSubscription[],
  swept: ShardName[],
  { policy }: PlanRequest,
  tenantId: string,
): PlannedSubscription[] {
  const forgotten = swept.filter(
    (shard) => shard !== TENANT_SHARD && !planned.some((one) => isSame(one.subscriptionId, shard)),
  );
  const wanted = policy.scope.subscriptions;
  return [...planned, ...forgotten.map((shard) => unseen(shard, tenantId, wanted !== undefined))];
}

/** A retired subscription is swept until nothing is open there. */
async function withoutFinished(store: Store, planned: PlannedSubscription[]): Promise<PlannedSubscription[]> {
  const kept: PlannedSubscription[] = [];
  for (const subscription of planned) {
    const { state } = subscription.retired ? await loadState(store, subscription.subscriptionId) : {};
    if (!subscription.retired || (state && state.findings.length > 0)) kept.push(subscription);
  }
  return kept;
}

function unseen(subscriptionId: string, tenantId: string, retired: boolean): PlannedSubscription {
  return { subscriptionId, displayName: subscriptionId, tenantId, state: 'NotVisible', retired };
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
  return { source: 'subscriptions', scope: '/', code: 'NothingVisible', reason, permission };
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
