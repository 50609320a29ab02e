import { lastSegment, sameId } from '../model/armId.ts';
import type { Snapshot } from '../model/change.ts';
import type { Baseline } from '../model/posture.ts';
import type { ShardName } from '../model/sweep.ts';
import { subscriptionOf } from '../shard.ts';
import { baselineSubscriptions, readBaselines } from './baselines.ts';
import { loadState, type ShardState, sweptShards } from './shardState.ts';
import type { Store } from './store.ts';

const SHOWN = 20;

/** A registry that sweeps with this state have seen. */
export interface KnownRegistry {
  name: string;
  subscriptionId: string;
  baseline: Baseline;
  /** as the last sweep saw it; absent: the last sweep of its subscription was with an older version */
  snapshot?: Snapshot;
}

/** The registries that are kept, by name; those that are gone are left out. Throws where no sweep has kept anything. */
export async function knownRegistries(store: Store): Promise<KnownRegistry[]> {
  const known: KnownRegistry[] = [];
  const swept = await sweptShards(store);
  const kept = await baselineSubscriptions(store);
  if (swept.length + kept.length === 0) {
    throw new Error(`nothing is kept in ${store.place}: sweep once with --state ${store.place}`);
  }
  for (const subscriptionId of kept) {
    const own = swept.filter((shard) => sameId(subscriptionOf(shard), subscriptionId));
    const snapshots = await newestSnapshots(store, own);
    for (const [key, baseline] of await readBaselines(store, subscriptionId)) {
      if (baseline.goneAt) continue;
      const snapshot = snapshots[key];
      const name = lastSegment(baseline.registryId);
      known.push({ name, subscriptionId, baseline, ...(snapshot && { snapshot }) });
    }
  }
  return known.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The registries as the newest sweep of a shard of their subscription saw them. */
async function newestSnapshots(store: Store, shards: ShardName[]): Promise<Record<string, Snapshot>> {
  const states: ShardState[] = [];
  for (const shard of shards) {
    const { state } = await loadState(store, shard);
    if (state) states.push(state);
  }
  states.sort((a, b) => (a.sweptAt < b.sweptAt ? -1 : 1));
  return Object.assign({}, ...states.map(({ snapshots }) => snapshots));
}

/** Finds registries by name or resource id, each once; throws one error that names every one that is not known, or unclear. */
export async function findRegistries(store: Store, wanted: string[]): Promise<KnownRegistry[]> {
  const all = await knownRegistries(store);
  const found = wanted.map((text) => ({ text, named: all.filter((one) => isNamed(one, text)) }));
  const unknown = found.filter(({ named }) => named.length === 0).map(({ text }) => `'${text}'`);
  if (unknown.length > 0) {
    throw new Error(
      `no sweep with the state in ${store.place} has seen ${unknown.join(', ')}; it knows ${namesOf(all)}`,
    );
  }
  // One that was made anew elsewhere, while nobody could see that the old one is gone.
  const unclear = found
    .filter(({ named }) => named.length > 1)
    .map(({ text, named }) => `'${text}' is ${idsOf(named)}`);
  if (unclear.length > 0) throw new Error(`${unclear.join('; ')}: give the id of the one that is meant`);
  return [...new Set(found.flatMap(({ named }) => named))];
}

/** Enough to see a slip of the pen by; `baseline show` has them all. */
function namesOf(registries: KnownRegistry[]): string {
  if (registries.length === 0) return 'none';
  const names = registries
    .slice(0, SHOWN)
    .map(({ name }) => name)
    .join(', ');
  return registries.length > SHOWN ? `${names} and ${registries.length - SHOWN} more` : names;
}

function idsOf(registries: KnownRegistry[]): string {
  return registries.map(({ baseline }) => baseline.registryId).join(' or ');
}

function isNamed({ name, baseline }: KnownRegistry, text: string): boolean {
  return sameId(name, text) || sameId(baseline.registryId, text);
}
