import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { isClaimed, readSpooled, rowsAside, type Spooled, setAside, spooled } from '../state/spool.ts';
import { ConflictError, type CorruptStateError, readable, type Store } from '../state/store.ts';
import type { Send } from './ingestion.ts';

/** How long a worker that took a batch from the spool is believed to be sending it. */
const CLAIM_MS = 10 * 60 * 1000;
/** Batches that are read at once to count their rows: a megabyte each at most. */
const COUNTED_AT_ONCE = 16;

/**
 * Sends what the spool holds, oldest first, until `isLate`, and stops at the first batch that the service does not take,
 * so that the order is kept. A batch that can never be taken is set aside. Returns how many rows are still not delivered,
 * those that were set aside, now or earlier, among them: somebody has to look at them. `damaged`: gets a note of each
 * batch that cannot be read, which counts as one row and stays where it is; without it that throws.
 */
export async function redeliver(
  send: Send,
  store: Store,
  now: Date,
  damaged?: CorruptStateError[],
  isLate = () => false,
): Promise<number> {
  const claim = { claimedUntil: new Date(now.getTime() + CLAIM_MS).toISOString(), worker: randomUUID() };
  const left = await spooled(store);
  for (const name of [...left]) {
    if (isLate()) break;
    const found = await readable(damaged, () => readSpooled(store, name));
    // Whoever sends this one sends what comes after it too.
    if (found && (isClaimed(found.entry, now) || !(await isGone(send, store, name, found, claim)))) break;
    left.shift();
  }
  const rows = await pLimit(COUNTED_AT_ONCE).map(left, async (name) => {
    const found = await readable(damaged, () => readSpooled(store, name));
    return found?.entry.rows.length ?? 0;
  });
  const aside = await rowsAside(store, damaged);
  return rows.reduce((sum, count) => sum + count, 0) + aside + (damaged?.length ?? 0);
}

/**
 * Sends a batch, and returns whether it waits no longer: it was taken, or put away. What a repeated message keeps under the
 * same name meanwhile is another batch, and waits.
 */
async function isGone(
  send: Send,
  store: Store,
  name: string,
  { entry, etag }: Spooled,
  claim: { claimedUntil: string; worker: string },
): Promise<boolean> {
  try {
    // The version decides which of two workers sends a batch; the other leaves it alone.
    const claimed = await store.write(name, JSON.stringify({ ...entry, ...claim }), etag);
    const refused = await send({ table: entry.table, rows: entry.rows });
    if (!refused) await store.remove(name, claimed);
    else if (refused.final) await setAside(store, name, { ...entry, reason: refused.reason }, claimed);
    else await store.write(name, JSON.stringify({ ...entry, reason: refused.reason }), claimed);
    return !refused || refused.final;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}
