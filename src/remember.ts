import { acceptanceOf } from './acceptance.ts';
import type { Azure } from './azure.ts';
import { expectedPosture, isOf, measuredAt } from './baseline.ts';
import { believedChanges } from './collect/subscriptionChanges.ts';
import { historyOf } from './history.ts';
import type { PostureChange, RecordedChange, Snapshot } from './model/change.ts';
import type { Facts, Instant, Registry } from './model/estate.ts';
import { expectedByPolicy } from './model/expectation.ts';
import { gapCovers } from './model/gap.ts';
import type { Memory, RegistryMemory } from './model/memory.ts';
import type { Baseline } from './model/posture.ts';
import type { Plan, ShardName } from './model/sweep.ts';
import { settingsOf } from './posture.ts';
import { partOf, subscriptionOf } from './shard.ts';
import { rememberFirstSeen } from './state/baselines.ts';
import type { ShardState } from './state/shardState.ts';
import type { Store } from './state/store.ts';
import { openedTokens, stillWaiting, tokensKept, tokensOf } from './tokenChanges.ts';
import { askWhoWrote, type Known } from './whoWrote.ts';

/** What is known of the registries of a subscription beyond this moment. */
export interface Remembered {
  memory: Memory;
  /** to be told by this sweep */
  changes: PostureChange[];
  /** ids of registries that were deleted and made again since the last sweep */
  recreated: string[];
  /** for the next sweep */
  snapshots: Record<string, Snapshot>;
  /** as an earlier version kept them, until every registry could be looked at once */
  told?: string[];
}

/**
 * Compares the registries with the last sweep and with what Azure remembers, takes those that are new as they are, and
 * asks the activity log about what no change record explains. What cannot be read becomes a gap of `facts`.
 */
export async function remember(
  { azure, store }: { azure: Azure; store: Store },
  plan: Plan,
  shard: ShardName,
  facts: Facts,
  last: ShardState | undefined,
): Promise<Remembered> {
  const { registries, deleted } = facts;
  const found: Remembered = { memory: new Map(), changes: [], recreated: [], snapshots: {} };
  keepHidden(found, facts, last);
  const subscriptionId = subscriptionOf(shard);
  const { sweptAt: at, baselinesOf } = plan;
  const measuredBy = (registry: Registry) => measuredLast(registry, last);
  const toldOf = ({ id }: Registry) => last?.snapshots?.[id.toLowerCase()]?.acceptedAt;
  const sighting = { registries, deleted, at, measuredBy, toldOf, ...(baselinesOf && { baselinesOf }) };
  const baselines = await rememberFirstSeen(store, subscriptionId, sighting);
  const records =
    registries.length > 0 ? await believedChanges(azure, subscriptionId, plan.changes, facts.gaps) : undefined;
  const known = lookBack(facts, records, at, last);
  await askWhoWrote(azure, subscriptionId, known, { sweptAt: at, anyway: askedAnyway(shard, last, at) }, facts.gaps);
  const memory = new Map<string, RegistryMemory>();
  for (const one of known) {
    const key = one.registry.id.toLowerCase();
    const kept = baselines.get(key);
    // While a registry is made anew, what is kept is still its predecessor's.
    const baseline = kept && isOf(kept, one.registry) ? kept : undefined;
    const { lastChanges, openings } = one.history;
    memory.set(key, { ...(baseline && { baseline }), lastChanges, openings });
    conclude(found, one, baseline, plan);
  }
  const isWhole = records !== undefined && known.length === Object.keys(found.snapshots).length;
  return { ...found, memory, ...(last?.told && !isWhole && { told: last.told }) };
}

/** What the last sweep measured a registry by; undefined: it knew none there. */
function measuredLast({ id }: Registry, last: ShardState | undefined): Baseline | undefined {
  const snapshot = last?.snapshots?.[id.toLowerCase()];
  return last && snapshot && measuredAt(snapshot.seenAt ?? last.sweptAt, snapshot);
}

/** Each registry with what happened to it, as far as the records and the last sweep tell. */
function lookBack(
  facts: Facts,
  records: RecordedChange[] | undefined,
  sweptAt: Instant,
  last: ShardState | undefined,
): Known[] {
  const byRegistry = Map.groupBy(records ?? [], ({ resourceId }) => resourceId.toLowerCase());
  const tokensByRegistry = Map.groupBy(facts.tokens, ({ registryId }) => registryId.toLowerCase());
  // Earlier versions kept them in one list for all registries.
  const toldOfAny = new Set(last?.told);
  return facts.registries.map((registry) => {
    const key = registry.id.toLowerCase();
    const seen = last?.snapshots?.[key];
    const isRecreated = seen !== undefined && isOther(seen, registry);
    const before = isRecreated ? undefined : seen;
    const lastSweptAt = before?.seenAt ?? last?.sweptAt ?? sweptAt;
    const earlier = seen?.told ? new Set(seen.told) : toldOfAny;
    const own = { registry, records: byRegistry.get(key) ?? [], told: earlier, sweptAt, lastSweptAt };
    const history = historyOf({ ...own, ...(before && { last: before }) });
    // What cannot be asked for this time may come again next time, and is told already.
    const told = records ? history.recorded : (seen?.told ?? []);
    const read = tokensOf(registry, tokensByRegistry.get(key) ?? [], facts);
    const from = before?.tokensAt ?? lastSweptAt;
    const seenTokens = before && tokensKept(before);
    const opened = [
      ...(before ? stillWaiting(before, sweptAt) : []),
      ...(seenTokens && read ? openedTokens(registry, seenTokens, read, { from, to: sweptAt }) : []),
    ];
    const tokens = read ?? (seenTokens && { ...seenTokens, tokensAt: from });
    return { registry, isRecreated, history, told, opened, ...(before && { before }), ...tokens };
  });
}

/** Adds what this sweep tells of a registry, and what the next one must know. */
function conclude(found: Remembered, known: Known, baseline: Baseline | undefined, { sweptAt, policy }: Plan): void {
  const { registry, isRecreated, history, told, before, tokens, tokensMade, tokensAt, opened } = known;
  const expected = expectedPosture(expectedByPolicy(registry, policy), baseline);
  const values: Record<string, unknown> = expected.values;
  const acceptance = acceptanceOf(baseline, before);
  const waiting = opened.filter(({ between }) => between !== undefined);
  // One that still waits was told when it was seen; told again, it has a name.
  const news = opened.filter(({ between }) => between === undefined || between.to === sweptAt);
  for (const change of [...history.changes, ...news, ...acceptance]) {
    const wanted = values[change.property];
    found.changes.push(wanted === undefined ? change : { ...change, expected: wanted });
  }
  if (isRecreated) found.recreated.push(registry.id);
  const acceptedAt = baseline?.accepted?.at;
  found.snapshots[registry.id.toLowerCase()] = {
    registryId: registry.id,
    ...(registry.createdOn && { createdOn: registry.createdOn }),
    settings: settingsOf(registry),
    ...(told.length > 0 && { told }),
    lastChanges: history.lastChanges,
    ...(Object.values(history.openings).some((all) => all.length > 0) && { openings: history.openings }),
    expected,
    ...(tokens && { tokens }),
    ...(tokensMade && { tokensMade }),
    ...(tokensAt && { tokensAt }),
    ...(waiting.length > 0 && { unexplained: waiting }),
    ...(acceptedAt && { acceptedAt }),
  };
}

/**
 * Since when the activity log is asked even if nothing is unexplained: where the last sweep could not read it, since nobody
 * else finds out that it can be read again, and by the part that tells what none of its subscription can read.
 */
function askedAnyway(shard: ShardName, last: ShardState | undefined, sweptAt: Instant): Instant | undefined {
  const { part = 1, parts = 1 } = partOf(shard) ?? {};
  const wasRefused = last?.report.gaps.some(({ source }) => source === 'activityLog');
  return wasRefused || (parts > 1 && part === 1) ? (last?.sweptAt ?? sweptAt) : undefined;
}

/** Behind a gap a registry is as it was. */
function keepHidden(found: Remembered, { gaps, deleted }: Facts, last: ShardState | undefined): void {
  for (const [key, snapshot] of Object.entries(last?.snapshots ?? {})) {
    const hidden = gaps.some((gap) => gap.source === 'registries' && gapCovers(gap, snapshot.registryId));
    if (last && hidden && !deleted.includes(snapshot.registryId))
      found.snapshots[key] = { ...snapshot, seenAt: snapshot.seenAt ?? last.sweptAt };
  }
}

function isOther({ createdOn }: Snapshot, registry: Registry): boolean {
  return createdOn !== undefined && registry.createdOn !== undefined && createdOn !== registry.createdOn;
}
