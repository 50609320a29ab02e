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
 * Sends what the spool holds, oldest first, until `isLate`, those of a table until one is not taken, so that their order is
 * kept. A batch that can never be taken is set aside. Returns how many rows are still not delivered,
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
  const left: string[] = [];
  const refusing = new Set<string>();
  let isOver = false;
  const attempted = async (name: string, found: Spooled): Promise<Came> => {
    if (isClaimed(found.entry, now)) return 'claimed';
    return refusing.has(found.entry.table) ? 'refused' : sent(send, store, name, found, claim);
  };
  for (const name of await spooled(store)) {
    isOver ||= isLate();
    if (isOver) {
      left.push(name);
      continue;
    }
    const found = await readable(damaged, () => readSpooled(store, name));
    if (!found) continue;
    const came = await attempted(name, found);
    if (came === 'gone') continue;
    left.push(name);
    if (came === 'refused') refusing.add(found.entry.table);
    // Whoever sends this one sends what comes after it too.
    else isOver = true;
  }
  const rows = await pLimit(COUNTED_AT_ONCE).map(left, async (name) => {
    const found = await readable(damaged, () => readSpooled(store, name));
    return found?.entry.rows.length ?? 0;
  });
  const aside = await rowsAside(store, damaged);
  return rows.reduce((sum, count) => sum + count, 0) + aside + (damaged?.length ?? 0);
}

/** What came of a batch; `gone`: it was taken, or put away; `claimed`: somebody else has it. */
type Came = 'gone' | 'refused' | 'claimed';

/**
 * Sends a batch, and returns what came of it. What a repeated message keeps under the same name meanwhile is another
 * batch, and waits.
 */
async function sent(
  send: Send,
  store: Store,
  name: string,
  { entry, etag }: Spooled,
  claim: { claimedUntil: string; worker: string },
): Promise<Came> {
  try {
    // The version decides which of two workers sends a batch; the other leaves it alone.
    const claimed = await store.write(name, JSON.stringify({ ...entry, ...claim }), etag);
    const refused = await send({ table: entry.table, rows: entry.rows });
    if (!refused) await store.remove(name, claimed);
    else if (refused.final) await setAside(store, name, { ...entry, reason: refused.reason }, claimed);
    else await store.write(name, JSON.stringify({ ...entry, reason: refused.reason }), claimed);
    return !refused || refused.final ? 'gone' : 'refused';
  } catch (error) {
    if (error instanceof ConflictError) return 'claimed';
    throw error;
  }
}
