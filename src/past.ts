import { publishLast } from './deliver.ts';
import type { Plan, ShardName } from './model/sweep.ts';
import { subscriptionOf } from './shard.ts';
import type { Published } from './state/published.ts';
import { keyOf, type LoadedState, loadState, type ShardState } from './state/shardState.ts';
import type { SweepContext } from './sweep.ts';
import { takenOver } from './takeOver.ts';

/** What a shard knows of before its sweep. */
export interface Past {
  /** undefined: the shard was never swept */
  last?: ShardState;
  /** names of the sweeps of former shards that the next sweep need not take over again */
  adopted: string[];
  /** what has been said of it until now; undefined: nobody knows */
  earlier?: Published;
}

/** The shards of an older cut of a shard's subscription, as the plan names them. */
export function formerShards({ subscriptions }: Plan, shard: ShardName): ShardName[] {
  return subscriptions.find(({ subscriptionId }) => subscriptionId === subscriptionOf(shard))?.formerly ?? [];
}

/** The past of a shard whose own last sweep is `own`; a state that is newer than the plan where there is one. */
export async function readPast(
  context: SweepContext,
  plan: Plan,
  shard: ShardName,
  { state: own }: LoadedState,
): Promise<Past | { newer: ShardState }> {
  const formers: ShardState[] = [];
  for (const name of formerShards(plan, shard)) {
    const { state } = await loadState(context.store, name);
    if (state && !state.over?.taken) formers.push(state);
  }
  const newer = [...(own ? [own] : []), ...formers].find((state) => isNewer(state, plan));
  if (newer) return { newer };
  for (const state of formers) await publishLast(context, state, plan.tenantId);
  const published = own && (await publishLast(context, own, plan.tenantId));
  // What others have said is not looked up: all of it is said again.
  const earlier = formers.length === 0 ? published : undefined;
  const last = takenOver(shard, own, formers);
  return { ...(last && { last }), adopted: formers.map(keyOf), ...(earlier && { earlier }) };
}

/** A newer sweep of the shard was saved, or its subscription has been cut anew since. */
function isNewer({ sweptAt, over }: ShardState, plan: Plan): boolean {
  return sweptAt > plan.sweptAt || (over !== undefined && over.sweptAt > plan.sweptAt);
}
