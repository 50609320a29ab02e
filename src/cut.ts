import type { Instant } from './model/estate.ts';
import type { PlannedSubscription, ShardName } from './model/sweep.ts';
import { partOf, shardsOfCut } from './shard.ts';
import { forgetShard, keyOf, type LoadedState, loadState, type ShardState, saveState } from './state/shardState.ts';
import { ConflictError, CorruptStateError, readable, type Store } from './state/store.ts';

/** What one message reads and keeps in memory; at ARM's 25 reads a second it is done in a minute or two. */
const MOST_REGISTRIES = 500;
/** Fewer than this part of it: well below the half, so that a few registries more or less do not cut to and fro. */
const FEW = 0.4;
/** For as long a late message of a former cut finds its plan (close). */
const KEEP_MS = 2 * 24 * 60 * 60 * 1000;

/** Into how many parts a subscription is cut that is in `now` parts and has so many registries; undefined: unknown. */
export function partsFor(registries: number | undefined, now: number, most = MOST_REGISTRIES): number {
  if (registries === undefined) return now;
  let parts = now;
  while (registries > most * parts) parts *= 2;
  while (parts > 1 && registries < FEW * most * parts) parts = Math.ceil(parts / 2);
  return parts;
}

export interface Cut {
  sweptAt: Instant;
  /** about how many registries it has; undefined: unknown */
  registries: number | undefined;
  /** {@link partsFor} */
  mostRegistries?: number;
  /** its shards of which a state is kept */
  swept: ShardName[];
}

/**
 * Cuts a subscription as large as it is now. Where the cut is another than before, late messages of the former shards are
 * shut out first; what they kept is named until all shards of the new cut have taken it over, and then cleared away.
 */
export async function cut(store: Store, subscription: PlannedSubscription, asked: Cut): Promise<PlannedSubscription> {
  const now = await presentParts(store, asked.swept);
  const parts = subscription.retired ? now : partsFor(asked.registries, now, asked.mostRegistries);
  const shards = shardsOfCut(subscription.subscriptionId, parts);
  const formerly: ShardName[] = [];
  for (const former of asked.swept.filter((shard) => partOf(shard)?.parts !== parts)) {
    if (!(await isDone(store, await load(store, former), shards, { parts, sweptAt: asked.sweptAt })))
      formerly.push(former);
  }
  return { ...subscription, ...(parts > 1 && { parts }), ...(formerly.length > 0 && { formerly }) };
}

/** A damaged state is named to its successors, whose sweep says so. */
async function load(store: Store, shard: ShardName): Promise<LoadedState> {
  const damaged: CorruptStateError[] = [];
  return (await readable(damaged, () => loadState(store, shard))) ?? { etag: '' };
}

/** The cut of the newest sweep; where all that was swept is of one cut there is nothing to look at. */
async function presentParts(store: Store, swept: ShardName[]): Promise<number> {
  const cuts = new Set(swept.map((shard) => partOf(shard)?.parts ?? 1));
  let [newest = 1] = cuts;
  let newestAt = '';
  if (cuts.size < 2) return newest;
  for (const shard of swept) {
    const { state } = await load(store, shard);
    const own = { parts: partOf(shard)?.parts ?? 1, sweptAt: state?.sweptAt ?? '' };
    for (const { parts, sweptAt } of [own, ...(state?.over ? [state.over] : [])]) {
      if (sweptAt > newestAt) [newest, newestAt] = [parts, sweptAt];
    }
  }
  return newest;
}

/** Whether nothing of a former shard is left to be taken over; clears it away step by step. */
async function isDone(
  store: Store,
  { state, etag }: LoadedState,
  shards: ShardName[],
  over: NonNullable<ShardState['over']>,
): Promise<boolean> {
  if (!state) return false;
  if (state.over?.taken) {
    // Until then it keeps late messages from beginning anew.
    if (Date.parse(over.sweptAt) - Date.parse(state.over.sweptAt) > KEEP_MS) await forgetShard(store, state.shard);
    return true;
  }
  if (await isTaken(store, state, shards)) {
    const { version, shard, sweepId, sweptAt, report } = state;
    const rest = { version, shard, sweepId, sweptAt, report, findings: [], registries: [] };
    await saveUnlessWritten(store, { ...rest, over: { ...(state.over ?? over), taken: true } }, etag);
    return true;
  }
  if (state.over?.parts !== over.parts) await saveUnlessWritten(store, { ...state, over }, etag);
  return false;
}

async function isTaken(store: Store, former: ShardState, shards: ShardName[]): Promise<boolean> {
  for (const shard of shards) {
    const { state } = await load(store, shard);
    if (!state?.adopted?.includes(keyOf(former))) return false;
  }
  return true;
}

/** A late worker that was faster leaves a sweep which is taken over as another; what is damaged stays as it is. */
async function saveUnlessWritten(store: Store, state: ShardState, etag: string): Promise<void> {
  try {
    // Read before anything is written: only now is it known whether all of it can be.
    const whole = { ...state, findings: [...state.findings], resolved: [...(state.resolved ?? [])] };
    await saveState(store, whole, etag);
  } catch (error) {
    if (!(error instanceof ConflictError) && !(error instanceof CorruptStateError)) throw error;
  }
}
