import type { Azure } from './azure.ts';
import { readGivers } from './collect/givers.ts';
import { deliver } from './deliver.ts';
import { type Gathered, gather } from './gather.ts';
import type { Traffic } from './guard.ts';
import { sourcesOf } from './judge.ts';
import { credentialsIn, judgeParts } from './judgeParts.ts';
import type { Facts, Instant, Subscription } from './model/estate.ts';
import { scopeCovers } from './model/gap.ts';
import { type Plan, type ShardName, type ShardReport, type ShardResult, TENANT_SHARD } from './model/sweep.ts';
import { type Past, readPast } from './past.ts';
import type { SpoolLimits } from './publish/bound.ts';
import type { Send } from './publish/ingestion.ts';
import type { RowStamp } from './publish/rows.ts';
import { type Remembered, remember } from './remember.ts';
import { type Found, reportOf, rowsOf, tell, tellFailure } from './report.ts';
import { sayingAfter } from './restate.ts';
import { subscriptionOf } from './shard.ts';
import { type Published, readPublished } from './state/published.ts';
import { loadState, type ShardState, saveState } from './state/shardState.ts';
import { ConflictError, type Store } from './state/store.ts';
import { notReachedOf, toldOnce } from './tellGaps.ts';
import { tenantChanges } from './tenantChanges.ts';

/** Two machines' clocks never differ as much. */
const FUTURE_MS = 60 * 60 * 1000;

/** What a sweep works with. */
export interface SweepContext {
  azure: Azure;
  store: Store;
  /** undefined: rows are not sent anywhere */
  send?: Send;
  environment: string;
  clock(): Date;
  /** what may wait to be sent, if not as much as is usual */
  spoolLimits?: SpoolLimits;
}

/**
 * The sweep of one shard: collect, check, compare, save, publish. The same plan gives the same rows however often the
 * message comes; undefined when a newer sweep of the shard has already been saved. A sweep that fails leaves a row that
 * says so, and throws.
 */
export async function runSweep(context: SweepContext, plan: Plan, shard: ShardName): Promise<ShardResult | undefined> {
  const startedAt = context.clock().toISOString();
  try {
    return await sweepShard(context, plan, shard, startedAt).catch((error: unknown) => {
      if (!(error instanceof ConflictError)) throw error;
      // Another worker with the same message was faster: its sweep is the one that counts.
      return sweepShard(context, plan, shard, startedAt);
    });
  } catch (error) {
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
  const before = { ...context.azure.traffic };
  const loaded = await loadState(context.store, shard);
  if (loaded.state?.sweepId === plan.sweepId) return repeat(context, plan, loaded.state, before);
  const past = await readPast(context, plan, shard, loaded);
  if ('newer' in past) return newerThan(past.newer, context);
  // Not awaited: what was read of a large tenant, and what was known before, is let go by now.
  return conclude(context, plan, await look(context, plan, { shard, startedAt, before }, past), loaded.etag);
}

/** What a shard's sweep has found, before anything of it is kept or sent. */
interface Looked {
  before: Traffic;
  found: Found;
  subscriptions: Subscription[];
  state: ShardState;
  keep: Gathered['keep'];
  earlier: Published | undefined;
}

/** Collects, checks and compares. */
async function look(
  context: SweepContext,
  plan: Plan,
  { shard, startedAt, before }: { shard: ShardName; startedAt: Instant; before: Traffic },
  { last, adopted, earlier }: Past,
): Promise<Looked> {
  const { azure, clock } = context;
  const { policy, sweepId, sweptAt } = plan;
  const { facts, parts, keep } = await gather(context, plan, shard, last);
  const known = hasPostures(plan, shard) ? await remember(context, plan, shard, facts, last) : undefined;
  facts.gaps = toldOnce(shard, facts.gaps);
  const request = { plan, shard, facts, ...(known && { known }), ...(last && { last }) };
  const { open, resolved, credentials, given } = await judgeParts(parts(), request);
  const findings = inTurn(open, resolved);
  const told =
    shard === TENANT_SHARD
      ? tenantChanges(given, { ...facts, givers: await readGivers(azure, given) }, policy, last)
      : pastOf(known);
  const { changes, ...kept } = told;
  const { subscriptions, gaps } = facts;
  const finishedAt = clock().toISOString();
  const report = reportOf({ plan, shard, startedAt, finishedAt, facts, findings, traffic: azure.traffic, before });
  const state: ShardState = {
    version: 1,
    shard,
    sweepId,
    sweptAt,
    findings: open,
    resolved,
    changes,
    registries: registriesToRemember(facts, last),
    ...notReachedOf(gaps, [...facts.registries.map(({ id }) => id), ...facts.excluded], last?.notReached),
    ...(adopted.length > 0 && { adopted }),
    ...kept,
    report,
  };
  const found = { findings, credentials, ...listsOf(plan, shard, facts), changes };
  return { before, found, subscriptions, state, keep, earlier };
}

/** Saves what was found, then publishes it. */
async function conclude(
  context: SweepContext,
  plan: Plan,
  { before, found, subscriptions, state, keep, earlier }: Looked,
  etag: string,
): Promise<ShardResult> {
  const { store } = context;
  const { report } = state;
  await keep(found.findings);
  // Saved first: should this be cut short, what is published again is the same, whatever has become of the world.
  await saveState(store, state, etag);
  const stamp = stampOf(context, plan);
  const saying = sayingAfter(earlier, plan.sweptAt);
  const rows = rowsOf(found, { subscriptions }, stamp, saying);
  const delivered = await deliver(context, report, rows, before, saying.said);
  return resultOf(found, await tell(context, delivered, stamp));
}

/** Nothing is left to do for the older of two sweeps, unless the newer one comes from a clock that was wrong. */
function newerThan({ shard, sweptAt }: ShardState, { clock, store }: SweepContext): undefined {
  if (Date.parse(sweptAt) - clock().getTime() < FUTURE_MS) return undefined;
  throw new Error(
    `shards/${shard}.json in ${store.place} is of a sweep at ${sweptAt}, which is still to come: some clock was wrong. Move it away to begin anew, or wait until then`,
  );
}

/** What a subscription's next sweep must know of its registries. */
function pastOf(known: Remembered | undefined) {
  if (!known) return { changes: [] };
  const { changes, snapshots, told } = known;
  return { changes, snapshots, ...(told && { told }) };
}

/** The tenant shard judges no posture, and in a subscription that the policy has left nothing is looked at. */
function hasPostures({ subscriptions }: Plan, shard: ShardName): boolean {
  return subscriptions.some(({ subscriptionId, retired }) => subscriptionId === subscriptionOf(shard) && !retired);
}

/** The tenant shard lists all registries again, and has nothing to say of them; clusters are read by no other. */
function listsOf(
  { policy }: Plan,
  shard: ShardName,
  { registries, clusters }: Facts,
): Pick<Found, 'registries' | 'clusters'> {
  if (shard !== TENANT_SHARD) return { registries };
  return { registries: [], ...(sourcesOf(shard, policy).has('clusters') && { clusters }) };
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

/**
 * A message that comes again after the state was saved: what was found then is published if it may not have been, beside
 * the credentials and postures of now, which are not kept.
 */
async function repeat(context: SweepContext, plan: Plan, last: ShardState, before: Traffic): Promise<ShardResult> {
  const { shard, report, changes = [] } = last;
  const stamp = stampOf(context, plan);
  const published = await readPublished(context.store, shard);
  const findings = inTurn(last.findings, last.resolved ?? []);
  if (published?.sweepId === plan.sweepId) {
    const found = { findings, credentials: [], registries: [], changes };
    return resultOf(found, await tell(context, published.report, stamp));
  }
  const { facts, parts, keep } = await gather(context, plan, shard, last);
  await keep(findings);
  const credentials = { [Symbol.iterator]: () => credentialsIn(parts(), plan, shard) };
  const found = { findings, credentials, ...listsOf(plan, shard, facts), changes };
  // Nobody knows how much of it was sent.
  const saying = sayingAfter(undefined, plan.sweptAt);
  const delivered = await deliver(context, report, rowsOf(found, facts, stamp, saying), before, saying.said);
  return resultOf(found, await tell(context, delivered, stamp));
}

/** What was found, for whoever started the sweep; of a large tenant it is made when it is asked for. */
function resultOf({ findings, credentials, ...lists }: Found, report: ShardReport): ShardResult {
  return {
    report,
    ...lists,
    get findings() {
      return [...findings];
    },
    get credentials() {
      return [...credentials];
    },
  };
}

/** One list after the other, each time that somebody looks. */
function inTurn<T>(...lists: Iterable<T>[]): Iterable<T> {
  return {
    *[Symbol.iterator]() {
      for (const list of lists) yield* list;
    },
  };
}
