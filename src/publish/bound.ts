import { sweepIdOf } from '../plan.ts';
import { countDropped } from '../state/dropped.ts';
import {
  aside,
  asideMeasured,
  isClaimed,
  keepOnly,
  measured,
  readSpooled,
  type SpoolEntry,
  spooled,
  sweepOf,
} from '../state/spool.ts';
import { ConflictError, type CorruptStateError, readable, type Store } from '../state/store.ts';
import { leastHarm, type Which } from './leastHarm.ts';
import type { Row } from './rows.ts';

export interface SpoolLimits {
  /** how long after its sweep a row is kept, milliseconds */
  ageMs: number;
  /** how much may wait or be put away, as it is stored */
  bytes: number;
}

export const SPOOL_LIMITS: SpoolLimits = {
  // Alerts look back two days. What is older is history; a week of it outlasts a long weekend without anybody at work.
  ageMs: 7 * 24 * 60 * 60 * 1000,
  // The newest rows of a quarter of a million open findings, of 1.8 KB each: only beyond those an open one is dropped.
  bytes: 512 * 1024 * 1024,
};

/** So much of the limit is made free at once, lest the whole spool be read again for each batch that is added. */
const FREED = 1 / 8;

/**
 * Drops from the spool what is too old, of what was put away too, and of the rest what is too much: first what was put
 * away, then what does the least harm ({@link leastHarm}). Every drop is counted in the state before it is made. A batch
 * that another worker is sending is left alone, and so is one that cannot be read: whoever delivers it names it. Returns
 * how many rows are gone.
 */
export async function boundSpool(store: Store, now: Date, limits = SPOOL_LIMITS): Promise<number> {
  return (await dropOld(store, now, limits.ageMs)) + (await dropExcess(store, now, limits.bytes));
}

async function dropOld(store: Store, now: Date, ageMs: number): Promise<number> {
  const oldest = new Date(now.getTime() - ageMs).toISOString();
  const isOld = ({ TimeGenerated }: Row): boolean => String(TimeGenerated) < oldest;
  let gone = 0;
  for (const name of [...(await spooled(store)), ...(await aside(store))]) {
    const sweep = sweepOf(name);
    const isSweep = /^\d{8}T\d{6}Z$/.test(sweep);
    if (isSweep && sweep >= sweepIdOf(oldest)) continue;
    gone += (await drop(store, name, now, isSweep ? () => true : isOld)) ?? 0;
  }
  return gone;
}

async function dropExcess(store: Store, now: Date, limit: number): Promise<number> {
  const [refused, batches] = [await asideMeasured(store), await measured(store)];
  let bytes = [...refused, ...batches].reduce((sum, batch) => sum + batch.bytes, 0);
  if (bytes <= limit) return 0;
  const wanted = limit * (1 - FREED);
  let gone = 0;
  // These wait for a person, and no row that waits is replaced by them.
  for (const { name, bytes: own } of refused) {
    if (bytes <= wanted) break;
    // One that cannot be dropped makes no room, and costs none of what waits.
    bytes -= own;
    gone += (await drop(store, name, now, () => true)) ?? 0;
  }
  if (bytes <= limit) return gone;
  const chosen = await leastHarm(store, batches, now, bytes - wanted);
  // Oldest first: should this be cut short, no row is left behind that one of those gone had replaced.
  for (const { name } of batches) {
    const which = chosen.get(name);
    if (!which) continue;
    const dropped = await drop(store, name, now, which);
    // Its rows stay, so what replaces them must stay too: the next closing begins anew.
    if (dropped === undefined) break;
    gone += dropped;
  }
  return gone;
}

/** Drops rows of one batch and returns how many; undefined: the batch could not be had. */
async function drop(store: Store, name: string, now: Date, which: Which): Promise<number | undefined> {
  const unreadable: CorruptStateError[] = [];
  const found = await readable(unreadable, () => readSpooled(store, name));
  if (unreadable.length > 0) return undefined;
  if (!found) return 0;
  const { entry } = found;
  if (isClaimed(entry, now)) return undefined;
  const kept = entry.rows.filter((row) => !which(row, entry.table));
  const count = countOf(entry.rows) - countOf(kept);
  if (count === 0) return 0;
  await countDropped(store, count);
  try {
    await keepOnly(store, name, found, kept);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    await countDropped(store, -count);
    return undefined;
  }
  return entry.rows.length - kept.length;
}

/** With a row that tells of rows which were dropped before, these go too. */
function countOf(rows: SpoolEntry['rows']): number {
  return rows.reduce((sum, { RowsDropped }) => sum + 1 + (typeof RowsDropped === 'number' ? RowsDropped : 0), 0);
}
