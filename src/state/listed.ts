import type { Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { ShardName } from '../model/sweep.ts';
import { type CorruptStateError, readable, readDocument, type Store } from './store.ts';

/** The registries of one part of a subscription, as the plan has listed them. */
export interface Listed {
  registries: Registry[];
  /** those that could not be understood */
  gaps: Gap[];
}

/** Keeps for a sweep's part what was listed for all parts at once. */
export async function storeListed(store: Store, sweepId: string, shard: ShardName, listed: Listed): Promise<void> {
  await store.write(nameOf(sweepId, shard), JSON.stringify({ version: 1, ...listed }));
}

/** What was listed for a part; undefined: nothing, and it has to list for itself. */
export async function readListed(store: Store, sweepId: string, shard: ShardName): Promise<Listed | undefined> {
  // It saves requests and nothing else: a damaged one is as none.
  const ignored: CorruptStateError[] = [];
  const name = nameOf(sweepId, shard);
  return (await readable(ignored, () => readDocument<Listed & { version: 1 }>(store, name, 1)))?.document;
}

function nameOf(sweepId: string, shard: ShardName): string {
  return `sweeps/${sweepId}/listed/${shard}.json`;
}
