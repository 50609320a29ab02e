import type { Remembered } from '../collect/seldom.ts';
import type { ShardName } from '../model/sweep.ts';
import { CorruptStateError, readDocument, type Store } from './store.ts';

/** Version 1 said of each item whose it is. Either version's program reads anew what the other one remembers. */
interface SeldomState {
  version: 2;
  remembered: Remembered;
}

/**
 * What earlier sweeps of some shards have read of the things that change seldom, the newest of each; without it they are
 * just read again.
 */
export async function loadRemembered(store: Store, shards: ShardName[]): Promise<Remembered> {
  const all: Remembered = {};
  for (const shard of shards) {
    for (const [key, one] of Object.entries(await loadOwn(store, shard))) {
      if (one.readAt >= (all[key]?.readAt ?? '')) all[key] = one;
    }
  }
  return all;
}

async function loadOwn(store: Store, shard: ShardName): Promise<Remembered> {
  try {
    return (await readDocument<SeldomState>(store, nameOf(shard), 2))?.document.remembered ?? {};
  } catch (error) {
    // It saves requests and nothing else: a damaged one is made anew.
    if (error instanceof CorruptStateError) return {};
    throw error;
  }
}

export async function saveRemembered(store: Store, shard: ShardName, remembered: Remembered): Promise<void> {
  const document: SeldomState = { version: 2, remembered };
  await store.write(nameOf(shard), JSON.stringify(document));
}

function nameOf(shard: ShardName): string {
  return `seldom/${shard}.json`;
}
