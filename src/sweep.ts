import { credentialsOf } from './access/credentials.ts';
import type { Azure } from './azure.ts';
import { CHECKS } from './checks/index.ts';
import { collectSubscription } from './collect/subscriptionShard.ts';
import { collectTenant } from './collect/tenantShard.ts';
import { compare, isOpen } from './compare.ts';
import { judge, sourcesOf, takesPart } from './judge.ts';
import type { CheckInput } from './model/check.ts';
import { type Facts, type Instant, noFacts, type Registry } from './model/estate.ts';
import type { Finding } from './model/finding.ts';
import { scopeCovers } from './model/gap.ts';
import { hasTags } from './model/pattern.ts';
import type { Policy } from './model/policy.ts';
import { type Plan, type ShardName, type ShardResult, TENANT_SHARD } from './model/sweep.ts';
import { withMutes } from './mute.ts';
import type { Send } from './publish/ingestion.ts';
import { publish } from './publish/publish.ts';
import type { RowStamp } from './publish/rows.ts';
import { remember } from './remember.ts';
import { reportOf, rowsOf, tell, tellFailure } from './report.ts';
import { loadState, type ShardState, saveState } from './state/shardState.ts';
import { ConflictError, type Store } from './state/store.ts';

/** What a sweep works with. */
export interface SweepContext {
  azure: Azure;
  store: Store;
  /** undefined: rows are not sent anywhere */
  send?: Send;
  environment: string;
  clock(): Date;
}

/**
 * The sweep of one shard: collect, check, compare, publish, save. The same plan gives the same rows however often the
 * message comes; undefined when a newer sweep of the shard has already been saved. A sweep that fails leaves a row that
 * says so, and throws.
 */
export async function runSweep(context: SweepContext, plan: Plan, shard: ShardName): Promise<ShardResult | undefined> {
  const startedAt = context.clock().toISOString();
  try {
    return await sweepShard(context, plan, shard, startedAt);
  } catch (error) {
    // Another worker with the same message was faster: its sweep is the one that counts.
    if (error instanceof ConflictError) return sweepShard(context, plan, shard, startedAt);
    await tellFailure(context, { plan, shard, startedAt, error }, stampOf(context, plan));
    throw error;
  }
}

async function sweepShard(
  context: SweepContext,
  plan: Plan,
  shard: ShardName,
  startedAt: Instant,
): Promise<ShardResult | undefined> {
  const { azure, store, clock } = context;
  const { policy, policyProblem } = plan;
  const before = { ...azure.traffic };
  const { state: last, etag } = await loadState(store, shard);
  const stamp = stampOf(context, plan);
  if (last?.sweepId === plan.sweepId) return repeat(context, last, stamp);
  if (last && last.sweptAt > plan.sweptAt) return undefined;

  const facts = await collect(context, plan, shard, last);
  const known = hasPostures(plan, shard) ? await remember(context, plan, shard, facts, last) : undefined;
  const input: CheckInput = {
    ...facts,
    credentials: credentialsOf(facts, plan.sweptAt, policy),
    now: plan.sweptAt,
    policy,
    ...(policyProblem && { policyProblem }),
    ...(known && { remembered: known.memory }),
  };
  const compared = compare({
    previous: last?.findings ?? [],
    current: judge(input, shard),
    // Where the list of subscriptions broke, nobody knows which of them are the tenant's own.
    gaps: shard === TENANT_SHARD ? facts.gaps : [...facts.gaps, ...plan.gaps],
    // Of a registry that was made again nothing is left but its name.
    deleted: [...facts.deleted, ...(known?.recreated ?? [])],
    accepted: known?.accepted ?? [],
    sweptAt: plan.sweptAt,
    needsOf: (checkId) => CHECKS.find((check) => check.id === checkId && takesPart(check, shard, policy))?.needs,
    inScope: (finding) => isInScope(finding, facts, plan),
  });
  const findings = withMutes(compared, policy, plan.sweptAt);
  const { changes = [], snapshots, told } = known ?? {};
  const found = { findings, credentials: input.credentials, registries: facts.registries, changes };
  const delivery = await publish(
    context.send,
    store,
    { sweepId: plan.sweepId, shard },
    rowsOf(found, shard, facts, stamp),
  );
  const finishedAt = clock().toISOString();
  const report = reportOf({
    plan,
    shard,
    startedAt,
    finishedAt,
    facts,
    findings,
    delivery,
    traffic: azure.traffic,
    before,
  });
  await saveState(
    store,
    {
      version: 1,
      shard,
      sweepId: plan.sweepId,
      sweptAt: plan.sweptAt,
      findings: findings.filter(isOpen),
      registries: registriesToRemember(facts, last),
      ...(snapshots && { snapshots }),
      ...(told && { told }),
      report,
    },
    etag,
  );
  return { ...found, report: await tell(context, report, stamp) };
}

/** The tenant shard judges no posture, and in a subscription that the policy has left nothing is looked at. */
function hasPostures({ subscriptions }: Plan, shard: ShardName): boolean {
  return subscriptions.some(({ subscriptionId, retired }) => subscriptionId === shard && !retired);
}

async function collect({ azure }: SweepContext, plan: Plan, shard: ShardName, last: ShardState | undefined) {
  const { tenantId, policy } = plan;
  const inScope = (registry: Registry): boolean => !isExcluded(registry, policy);
  const active = plan.subscriptions.filter(({ retired }) => !retired);
  if (shard === TENANT_SHARD) {
    const facts = await collectTenant(azure, { tenantId, subscriptions: active, inScope, vaults: policy.vaults });
    facts.gaps.push(...plan.gaps);
    return facts;
  }
  const subscription = plan.subscriptions.find(({ subscriptionId }) => subscriptionId === shard);
  if (!subscription) throw new Error(`subscription ${shard} is not in the plan of sweep ${plan.sweepId}`);
  if (subscription.retired) return noFacts(tenantId);
  return collectSubscription(azure, {
    tenantId,
    subscription,
    known: last?.registries ?? [],
    inScope,
    needed: sourcesOf(shard, policy),
    ...(plan.tenantSubscriptions && { tenantSubscriptions: plan.tenantSubscriptions }),
  });
}

function isExcluded({ tags }: Registry, { scope }: Policy): boolean {
  return Object.keys(scope.excludeTags).length > 0 && hasTags(tags, scope.excludeTags);
}

/** A finding is in scope as long as one of the places that it speaks of is. */
function isInScope({ resourceId, evidence }: Finding, { excluded }: Facts, plan: Plan): boolean {
  const registries = Array.isArray(evidence.registries) ? evidence.registries.map(String) : [];
  const places = registries.length > 0 ? registries : [resourceId];
  return places.some((place) => {
    if (excluded.some((id) => scopeCovers(id, place))) return false;
    const [, subscriptionId] = /^\/subscriptions\/([^/]+)/i.exec(place) ?? [];
    if (!subscriptionId) return true;
    const planned = plan.subscriptions.find((one) => one.subscriptionId.toLowerCase() === subscriptionId.toLowerCase());
    return planned !== undefined && !planned.retired;
  });
}

/** Behind a broken list the registries of last time are still expected. */
function registriesToRemember({ registries, gaps, deleted }: Facts, last: ShardState | undefined): string[] {
  const seen = registries.map(({ id }) => id);
  const hidden = (last?.registries ?? []).filter(
    (id) =>
      !deleted.includes(id) && gaps.some(({ source, scope }) => source === 'registries' && scopeCovers(scope, id)),
  );
  return [...new Set([...seen, ...hidden])];
}

function stampOf({ environment }: SweepContext, { sweepId, sweptAt, tenantId }: Plan): RowStamp {
  return { sweepId, sweptAt, tenantId, environment };
}

/** A message that comes again after the state was saved: only the telling may have been cut short. */
async function repeat(context: SweepContext, { report, findings }: ShardState, stamp: RowStamp): Promise<ShardResult> {
  return { report: await tell(context, report, stamp), findings, credentials: [], registries: [], changes: [] };
}
