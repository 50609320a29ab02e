import { randomUUID } from 'node:crypto';
import { isClaimed, readSpooled, rowsAside, setAside, spooled } from '../state/spool.ts';
import { ConflictError, type CorruptStateError, readable, type Store } from '../state/store.ts';
import type { Send } from './ingestion.ts';

/** How long a worker that took a batch from the spool is believed to be sending it. */
const CLAIM_MS = 10 * 60 * 1000;

/**
 * Sends what the spool holds, oldest first, and stops at the first batch that the service does not take, so that the
 * order is kept. A batch that can never be taken is set aside. Returns how many rows are still not delivered, those
 * that were set aside, now or earlier, among them: somebody has to look at them. `damaged`: gets a note of each batch
 * that cannot be read, which counts as one row and stays where it is; without it that throws.
 */
export async function redeliver(send: Send, store: Store, now: Date, damaged?: CorruptStateError[]): Promise<number> {
  const worker = randomUUID();
  let left = 0;
  let stopped = false;
  for (const name of await spooled(store)) {
    const found = await readable(damaged, () => readSpooled(store, name));
    if (!found) continue;
    const { entry, etag } = found;
    if (stopped || isClaimed(entry, now)) {
      // Whoever sends this one sends what comes after it too.
      stopped = true;
      left += entry.rows.length;
      continue;
    }
    const claimedUntil = new Date(now.getTime() + CLAIM_MS).toISOString();
    if (!(await claimed(store, name, { ...entry, claimedUntil, worker }, etag))) {
      stopped = true;
      left += entry.rows.length;
      continue;
    }
    const refused = await send({ table: entry.table, rows: entry.rows });
    if (!refused) {
      await store.remove(name);
      continue;
    }
    if (refused.final) {
      await setAside(store, name, { ...entry, reason: refused.reason });
    } else {
      stopped = true;
      left += entry.rows.length;
      await store.write(name, JSON.stringify({ ...entry, reason: refused.reason }));
    }
  }
  const aside = await rowsAside(store, damaged);
  return left + aside + (damaged?.length ?? 0);
}

/** The version decides which of two workers sends a batch; the other leaves it alone. */
async function claimed(store: Store, name: string, entry: object, etag: string): Promise<boolean> {
  try {
    await store.write(name, JSON.stringify(entry), etag);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}
