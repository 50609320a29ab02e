import { credentialsOf } from './access/credentials.ts';
import type { Azure } from './azure.ts';
import { CHECKS } from './checks/index.ts';
import { collectSubscription } from './collect/subscriptionShard.ts';
import { collectTenant } from './collect/tenantShard.ts';
import { compare, isOpen } from './compare.ts';
import { judge, takesPart } from './judge.ts';
import type { CheckInput } from './model/check.ts';
import { type Facts, noFacts, type Registry } from './model/estate.ts';
import type { Finding } from './model/finding.ts';
import { scopeCovers } from './model/gap.ts';
import type { Policy } from './model/policy.ts';
import { type Plan, type ShardName, type ShardResult, TENANT_SHARD } from './model/sweep.ts';
import type { Send } from './publish/ingestion.ts';
import { publish } from './publish/publish.ts';
import type { RowStamp } from './publish/rows.ts';
import { reportOf, rowsOf, tell } from './report.ts';
import { loadState, type ShardState, saveState } from './state/shardState.ts';
import type { Store } from './state/store.ts';

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
 * message comes; undefined when a newer sweep of the shard has already been saved.
 */
export async function runSweep(context: SweepContext, plan: Plan, shard: ShardName): Promise<ShardResult | undefined> {
  const { azure, store, clock } = context;
  const { policy } = plan;
  const startedAt = clock().toISOString();
  const before = { ...azure.traffic };
  const { state: last, etag } = await loadState(store, shard);
  const stamp = stampOf(context, plan);
  if (last?.sweepId === plan.sweepId) return repeat(context, last, stamp);
  if (last && last.sweptAt > plan.sweptAt) return undefined;

  const facts = await collect(context, plan, shard, last);
  const input: CheckInput = { ...facts, credentials: credentialsOf(facts, plan.sweptAt), now: plan.sweptAt, policy };
  const findings = compare({
    previous: last?.findings ?? [],
    current: judge(input, shard),
    gaps: facts.gaps,
    deleted: facts.deleted,
    sweptAt: plan.sweptAt,
    needsOf: (checkId) => CHECKS.find((check) => check.id === checkId && takesPart(check, shard, policy))?.needs,
    inScope: (finding) => isInScope(finding, facts, plan),
  });
  const found = { findings, credentials: input.credentials, registries: facts.registries };
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
      report,
    },
    etag,
  );
  return { ...found, report: await tell(context, report, stamp) };
}

async function collect({ azure }: SweepContext, plan: Plan, shard: ShardName, last: ShardState | undefined) {
  const { tenantId, policy } = plan;
  const inScope = (registry: Registry): boolean => !isExcluded(registry, policy);
  const active = plan.subscriptions.filter(({ retired }) => !retired);
  if (shard === TENANT_SHARD) {
    const facts = await collectTenant(azure, { tenantId, subscriptions: active, inScope });
    facts.gaps.push(...plan.gaps);
    return facts;
  }
  const subscription = plan.subscriptions.find(({ subscriptionId }) => subscriptionId === shard);
  if (!subscription) throw new Error(`subscription ${shard} is not in the plan of sweep ${plan.sweepId}`);
  if (subscription.retired) return noFacts(tenantId);
  return collectSubscription(azure, { tenantId, subscription, known: last?.registries ?? [], inScope });
}

function isExcluded({ tags }: Registry, { scope }: Policy): boolean {
  const wanted = Object.entries(scope.excludeTags);
  return wanted.length > 0 && wanted.every(([name, value]) => tags[name] === value);
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
  return { report: await tell(context, report, stamp), findings, credentials: [], registries: [] };
}
