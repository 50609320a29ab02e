import type { ShardName } from '../model/sweep.ts';
import { readDocument, type Store } from './store.ts';

/** Rows that Log Analytics did not take, kept until it does. */
export interface SpoolEntry {
  version: 1;
  table: string;
  rows: Record<string, unknown>[];
  /** why they were not taken, last time */
  reason: string;
  /** until then another worker is sending them */
  claimedUntil?: string;
}

const PREFIX = 'spool/';
/** what the service refused for good; a person must look at it */
const ASIDE = 'refused/';

/** Keeps a batch of a shard's sweep. Names sort by sweep, then by shard, then by the order of writing. */
export async function keep(store: Store, sweepId: string, shard: ShardName, batch: number, entry: SpoolEntry) {
  await store.write(`${PREFIX}${sweepId}/${shard}/${String(batch).padStart(5, '0')}.json`, JSON.stringify(entry));
}

/** Forgets what an earlier, unfinished attempt at the same shard of the same sweep kept: it is being written again. */
export async function forget(store: Store, sweepId: string, shard: ShardName): Promise<void> {
  for (const name of await store.list(`${PREFIX}${sweepId}/${shard}/`)) await store.remove(name);
}

/** Everything kept, oldest first. */
export async function spooled(store: Store): Promise<string[]> {
  return store.list(PREFIX);
}

/** One kept batch with its version; undefined when another worker has just delivered it. */
export async function readSpooled(
  store: Store,
  name: string,
): Promise<{ entry: SpoolEntry; etag: string } | undefined> {
  const loaded = await readDocument<SpoolEntry>(store, name, 1);
  return loaded && { entry: loaded.document, etag: loaded.etag };
}

/** Puts away a batch that the service will never take, so that it does not stand in the way of the others. */
export async function setAside(store: Store, name: string, entry: SpoolEntry): Promise<void> {
  await store.write(`${ASIDE}${name.slice(PREFIX.length)}`, JSON.stringify(entry));
  await store.remove(name);
}
