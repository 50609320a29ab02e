import type { Azure } from './azure.ts';
import { expectedPosture } from './baseline.ts';
import { believedChanges } from './collect/subscriptionChanges.ts';
import { type History, historyOf, SETTINGS_FIELDS, settingsOf } from './history.ts';
import type { PostureChange, RecordedChange, Snapshot } from './model/change.ts';
import type { Facts, Registry } from './model/estate.ts';
import { expectedByPolicy } from './model/expectation.ts';
import { gapCovers } from './model/gap.ts';
import type { Memory, RegistryMemory } from './model/memory.ts';
import type { Baseline, ExpectedPosture } from './model/posture.ts';
import type { Plan, ShardName } from './model/sweep.ts';
import { changedFields, sameValue } from './posture.ts';
import { changeIdOf } from './rewind.ts';
import { rememberFirstSeen } from './state/baselines.ts';
import type { ShardState } from './state/shardState.ts';
import type { Store } from './state/store.ts';
import { askWhoWrote } from './whoWrote.ts';

/** What is known of the registries of a subscription beyond this moment. */
export interface Remembered {
  memory: Memory;
  /** to be told by this sweep */
  changes: PostureChange[];
  /** ids of registries of which this posture was accepted, by somebody or by the policy, since the last sweep */
  accepted: string[];
  /** ids of registries that were deleted and made again since the last sweep */
  recreated: string[];
  /** for the next sweep */
  snapshots: Record<string, Snapshot>;
  told: string[];
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
  const { sweptAt, policy } = plan;
  const { registries, deleted } = facts;
  const found: Remembered = { memory: new Map(), changes: [], accepted: [], recreated: [], snapshots: {}, told: [] };
  keepHidden(found, facts, last);
  const baselines = await rememberFirstSeen(store, shard, { registries, deleted, at: sweptAt });
  const records = registries.length > 0 ? await believedChanges(azure, shard, plan.changes, facts.gaps) : undefined;
  // What could not be asked for this time may come again next time, and is told already.
  const hidden = Object.keys(found.snapshots).length > 0;
  if (!records || hidden) found.told.push(...(last?.told ?? []));
  const byRegistry = Map.groupBy(records ?? [], ({ resourceId }) => resourceId.toLowerCase());
  const told = new Set(last?.told);
  const known = registries.map((registry) => {
    const key = registry.id.toLowerCase();
    const before = last?.snapshots?.[key];
    const isNew = before !== undefined && isOther(before, registry);
    if (isNew) found.recreated.push(registry.id);
    const history = historyOf({
      registry,
      ...(before && !isNew && { last: before }),
      records: ofThisOne(byRegistry.get(key) ?? []),
      told,
      sweptAt,
      ...(last && { lastSweptAt: last.sweptAt }),
    });
    return { registry, key, history, baseline: baselines.get(key), ...(before && !isNew && { before }) };
  });
  await askWhoWrote(azure, shard, known, sweptAt, facts.gaps);
  const memory = new Map<string, RegistryMemory>();
  for (const { registry, key, history, baseline, before } of known) {
    const { lastChanges } = history;
    memory.set(key, { ...(baseline && { baseline }), lastChanges });
    const expected = expectedPosture(expectedByPolicy(registry, policy), baseline);
    const values: Record<string, unknown> = expected.values;
    const acceptance = before ? acceptanceOf(baseline, before) : [];
    found.changes.push(
      ...[...history.changes, ...acceptance].map((change) => withExpected(change, values[change.property])),
    );
    const unchanged =
      before && SETTINGS_FIELDS.every((field) => sameValue(before.settings[field], settingsOf(registry)[field]));
    // Where the world stayed as it was and the drift is gone, the expectation has changed.
    if (unchanged || acceptance.length > 0) found.accepted.push(registry.id);
    found.told.push(...history.recorded);
    found.snapshots[key] = snapshotOf(registry, history, expected, baseline);
  }
  return { ...found, memory, told: [...new Set(found.told)] };
}

/** Behind a gap a registry is as it was. */
function keepHidden(found: Remembered, { gaps, deleted }: Facts, last: ShardState | undefined): void {
  for (const [key, snapshot] of Object.entries(last?.snapshots ?? {})) {
    const hidden = gaps.some((gap) => gap.source === 'registries' && gapCovers(gap, snapshot.registryId));
    if (hidden && !deleted.includes(snapshot.registryId)) found.snapshots[key] = snapshot;
  }
}

/** Records from before a registry was made are of an earlier one with the same name. */
function ofThisOne(records: RecordedChange[]): RecordedChange[] {
  const made = records.findLastIndex(({ creation }) => creation);
  return made < 0 ? records : records.slice(made);
}

function isOther({ createdOn }: Snapshot, registry: Registry): boolean {
  return createdOn !== undefined && registry.createdOn !== undefined && createdOn !== registry.createdOn;
}

/** Somebody accepted a posture since the last sweep: a change of what is expected, with an actor. */
function acceptanceOf(baseline: Baseline | undefined, before: Snapshot): PostureChange[] {
  const accepted = baseline?.accepted;
  if (!accepted || accepted.at === before.acceptedAt) return [];
  return changedFields(accepted.replaced, accepted.posture).map((field) => ({
    changeId: changeIdOf(before.registryId, field, `accepted ${accepted.at}`),
    registryId: before.registryId,
    property: field,
    before: accepted.replaced[field],
    after: accepted.posture[field],
    changedBy: accepted.by,
    changedByType: 'User',
    client: 'acr-warden',
    operation: `baseline accept: ${accepted.reason}`,
    correlationId: '',
    changedAt: accepted.at,
    source: 'baseline',
  }));
}

function withExpected(change: PostureChange, expected: unknown): PostureChange {
  return expected === undefined ? change : { ...change, expected };
}

function snapshotOf(
  registry: Registry,
  { lastChanges }: History,
  expected: ExpectedPosture,
  baseline: Baseline | undefined,
): Snapshot {
  const { id, createdOn } = registry;
  const acceptedAt = baseline?.accepted?.at;
  return {
    registryId: id,
    ...(createdOn && { createdOn }),
    settings: settingsOf(registry),
    lastChanges,
    expected,
    ...(acceptedAt && { acceptedAt }),
  };
}
