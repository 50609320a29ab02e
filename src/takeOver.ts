import type { NotReached } from './collect/waiting.ts';
import type { Snapshot } from './model/change.ts';
import type { ComparedFinding } from './model/finding.ts';
import { isSource } from './model/source.ts';
import type { ShardName } from './model/sweep.ts';
import { holds, partOf } from './shard.ts';
import { keyOf, type ShardState } from './state/shardState.ts';

/**
 * What the last sweep of a shard left: its own, and from the shards of former cuts whatever is now the shard's and was
 * not taken over before, by itself or by a former shard between them. Where two know the same, the newer sweep is right.
 */
export function takenOver(
  shard: ShardName,
  own: ShardState | undefined,
  formers: ShardState[],
): ShardState | undefined {
  const all = [...(own && !own.over?.taken ? [own] : []), ...formers].filter(
    (state) => !own?.adopted?.includes(keyOf(state)),
  );
  const byAge = all.sort((a, b) => (a.sweptAt < b.sweptAt ? -1 : 1));
  const [oldest] = byAge;
  const newest = byAge.at(-1);
  if (!oldest || !newest) return undefined;
  if (byAge.length === 1 && newest === own) return own;
  const findings = new Map<string, ComparedFinding>();
  const registries = new Map<string, string>();
  const snapshots: Record<string, Snapshot> = {};
  for (const state of byAge) {
    const isMine = stillKnownBy(state, shard, all);
    for (const { findingId } of state.resolved ?? []) findings.delete(findingId);
    for (const one of state.findings) if (isMine(one.registryId || one.resourceId)) findings.set(one.findingId, one);
    for (const id of state.registries) if (isMine(id)) registries.set(id.toLowerCase(), id);
    for (const [key, one] of Object.entries(state.snapshots ?? {})) if (isMine(key)) snapshots[key] = one;
  }
  return {
    ...newest,
    shard,
    // Of what was last seen at different times, the changes since the first of them are asked for; the others are told.
    sweptAt: oldest.sweptAt,
    findings: [...findings.values()],
    registries: [...registries.values()],
    snapshots,
    told: [...new Set(byAge.flatMap(({ told = [] }) => told))],
    ...stillWaiting(byAge),
    report: { ...newest.report, gaps: byAge.flatMap(({ report }) => report.gaps) },
  };
}

/** What any of them had no time for, the older sweep's first: it waits longer. What is another part's to read delays nothing. */
function stillWaiting(byAge: ShardState[]): Pick<ShardState, 'notReached'> {
  const all: NotReached = {};
  for (const { notReached = {} } of byAge) {
    for (const [source, ids] of Object.entries(notReached)) {
      if (isSource(source)) all[source] = [...new Set([...(all[source] ?? []), ...ids])];
    }
  }
  return Object.keys(all).length > 0 ? { notReached: all } : {};
}

/** Whether a place is the shard's, and no later shard has taken over what this state knows of it. */
function stillKnownBy(state: ShardState, shard: ShardName, all: ShardState[]): (resourceId: string) => boolean {
  const mine = partOf(shard);
  const heirs = all.filter(({ adopted }) => adopted?.includes(keyOf(state))).map((heir) => partOf(heir.shard));
  return (resourceId) =>
    mine !== undefined &&
    holds(mine, resourceId) &&
    !heirs.some((heir) => heir !== undefined && holds(heir, resourceId));
}
