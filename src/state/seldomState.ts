import type { Remembered } from '../collect/seldom.ts';
import type { ShardName } from '../model/sweep.ts';
import { CorruptStateError, readDocument, type Store } from './store.ts';

/** Version 1 said of each item whose it is. Either version's program reads anew what the other one remembers. */
interface SeldomState {
  version: 2;
  /** of the sweep that wrote this; absent in what was written before that mattered */
  sweepId?: string;
  remembered: Remembered;
}

/**
 * What earlier sweeps of some shards have read of the things that change seldom, the newest of each; without it they are
 * just read again. `since`: the last sweep that looked at these things. What was written before it is left alone: that
 * sweep may have seen them otherwise, and not have remembered it.
 */
export async function loadRemembered(store: Store, shards: ShardName[], since = ''): Promise<Remembered> {
  const all: Remembered = {};
  for (const shard of shards) {
    const { sweepId = '', remembered } = await loadOwn(store, shard);
    if (sweepId < since) continue;
    for (const [key, one] of Object.entries(remembered)) {
      if (one.readAt >= (all[key]?.readAt ?? '')) all[key] = one;
    }
  }
  return all;
}

async function loadOwn(store: Store, shard: ShardName): Promise<Omit<SeldomState, 'version'>> {
  const nothing = { remembered: {} };
  try {
    return (await readDocument<SeldomState>(store, nameOf(shard), 2))?.document ?? nothing;
  } catch (error) {
    // It saves requests and nothing else: a damaged one is made anew.
    if (error instanceof CorruptStateError) return nothing;
    throw error;
  }
}

/** `sweepId`: of the sweep that has read it, or found it as it was read. */
export async function saveRemembered(
  store: Store,
  shard: ShardName,
  sweepId: string,
  remembered: Remembered,
): Promise<void> {
  const document: SeldomState = { version: 2, sweepId, remembered };
  await store.write(nameOf(shard), JSON.stringify(document));
}

function nameOf(shard: ShardName): string {
  return `seldom/${shard}.json`;
}
