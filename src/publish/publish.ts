import type { ShardName } from '../model/sweep.ts';
import { forget, keep, keptOf } from '../state/spool.ts';
import type { Store } from '../state/store.ts';
import { type Batch, batches } from './batches.ts';
import type { Refusal, Send } from './ingestion.ts';
import type { Row } from './rows.ts';

interface Delivery {
  published: number;
  undelivered: number;
}

/** The rows of one shard's sweep, by table; the order of the tables is the order of sending. They are looked at once. */
export type RowsByTable = Record<string, Iterable<Row>>;

/**
 * Sends a shard's rows batch by batch, those of a table until one is not taken that may be taken later: the others would
 * only wait for the same. What was not taken or not sent is kept in the spool before this returns, so that the state may be
 * saved: no row is lost, and none is both sent and kept.
 */
export async function publish(
  send: Send | undefined,
  store: Store,
  { sweepId, shard }: { sweepId: string; shard: ShardName },
  rows: RowsByTable,
): Promise<Delivery> {
  const delivery: Delivery = { published: 0, undelivered: 0 };
  if (!send) return delivery;
  const kept = new Set<string>();
  let next = 0;
  const later = new Map<string, Refusal>();
  for (const batch of batchesOf(rows)) {
    const number = next++;
    const refused = later.get(batch.table) ?? (await send(batch));
    if (!refused) {
      delivery.published += batch.rows.length;
      continue;
    }
    if (!refused.final) later.set(batch.table, refused);
    kept.add(await keep(store, sweepId, shard, number, { version: 1, ...batch, reason: refused.reason }));
    delivery.undelivered += batch.rows.length;
  }
  // Kept by an unfinished attempt at the same shard of the same sweep: all of it has just been sent or kept anew. Not
  // before, or a crash in between would lose it, and a state that cannot be read would keep rows from being sent.
  for (const name of await keptOf(store, sweepId, shard)) if (!kept.has(name)) await forget(store, name);
  return delivery;
}

function* batchesOf(rows: RowsByTable): Generator<Batch> {
  for (const [table, own] of Object.entries(rows)) yield* batches(table, own);
}
