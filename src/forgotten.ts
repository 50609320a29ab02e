import { sameId } from './model/armId.ts';
import type { PlannedSubscription, ShardName } from './model/sweep.ts';
import { readPublished } from './state/published.ts';
import { loadState, type ShardState } from './state/shardState.ts';
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

/** A retired subscription is swept until nothing is open there. One of which that cannot be read is swept too: its own shard says why. */
export async function withoutFinished(
  store: Store,
  planned: PlannedSubscription[],
  swept: Map<string, ShardName[]>,
): Promise<PlannedSubscription[]> {
  const kept: PlannedSubscription[] = [];
  const damaged: CorruptStateError[] = [];
  for (const subscription of planned) {
    const shards = swept.get(subscription.subscriptionId.toLowerCase()) ?? [];
    const isDone = subscription.retired && (await readable(damaged, () => areFinished(store, shards)));
    if (!isDone) kept.push(subscription);
  }
  return kept;
}

async function areFinished(store: Store, shards: ShardName[]): Promise<boolean> {
  for (const shard of shards) {
    const { state } = await loadState(store, shard);
    if (state && !(await isFinished(store, state))) return false;
  }
  return true;
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
