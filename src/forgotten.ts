import { LATE_MS } from './cut.ts';
import { sameId } from './model/armId.ts';
import type { Instant } from './model/estate.ts';
import type { PlannedSubscription, ShardName } from './model/sweep.ts';
import { readPublished } from './state/published.ts';
import { forgetShard, loadState, type ShardState } from './state/shardState.ts';
import { type CorruptStateError, readable, type Store } from './state/store.ts';

/** The state of a subscription that is to be swept, and that the identity does not see. */
export const NOT_VISIBLE = 'NotVisible';

/** Adds what was swept before and is not seen now: its findings must not fall silent; `retired`: the policy has left it. */
export function withForgotten(
  planned: PlannedSubscription[],
  swept: string[],
  retired: boolean,
  tenantId: string,
): PlannedSubscription[] {
  const forgotten = swept.filter((id) => !planned.some((one) => sameId(one.subscriptionId, id)));
  return [...planned, ...forgotten.map((id) => unseen(id, tenantId, retired))];
}

/**
 * A retired subscription is swept until nothing is open there; what is kept of its sweeps goes two days later. One of which
 * that cannot be read is swept too: its own shard says why.
 */
export async function withoutFinished(
  store: Store,
  planned: PlannedSubscription[],
  swept: Map<string, ShardName[]>,
  sweptAt: Instant,
): Promise<PlannedSubscription[]> {
  const kept: PlannedSubscription[] = [];
  const damaged: CorruptStateError[] = [];
  for (const subscription of planned) {
    const shards = swept.get(subscription.subscriptionId.toLowerCase()) ?? [];
    const finishedAt = subscription.retired && (await readable(damaged, () => lastOfFinished(store, shards)));
    if (!finishedAt) kept.push(subscription);
    else if (Date.parse(sweptAt) - Date.parse(finishedAt) > LATE_MS)
      for (const shard of shards) await forgetShard(store, shard);
  }
  return kept;
}

/** When some shards were last swept, if nothing is left to be done in any; undefined: something is. */
async function lastOfFinished(store: Store, shards: ShardName[]): Promise<Instant | undefined> {
  const sweeps: Instant[] = [];
  for (const shard of shards) {
    const { state } = await loadState(store, shard);
    if (state && !(await isFinished(store, state))) return undefined;
    if (state) sweeps.push(state.sweptAt);
  }
  return sweeps.sort().at(-1);
}

/** Nothing is open, and whoever reads the rows knows. */
async function isFinished(store: Store, { shard, sweepId, findings, resolved = [] }: ShardState): Promise<boolean> {
  if (anyOf(findings)) return false;
  return !anyOf(resolved) || (await readPublished(store, shard))?.sweepId === sweepId;
}

function anyOf(findings: Iterable<unknown>): boolean {
  for (const _ of findings) return true;
  return false;
}

/** A subscription of which nothing is known but its id. */
export function unseen(subscriptionId: string, tenantId: string, retired: boolean): PlannedSubscription {
  return { subscriptionId, displayName: subscriptionId, tenantId, state: NOT_VISIBLE, retired };
}
