import type { ShardName } from '../model/sweep.ts';
import { type CorruptStateError, readable, readDocument, type Sized, type Store } from './store.ts';

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

/** Keeps a batch of a shard's sweep. Its name, by which it sorts: the sweep, then the shard, then the order of writing. */
export async function keep(
  store: Store,
  sweepId: string,
  shard: ShardName,
  batch: number,
  entry: SpoolEntry,
): Promise<string> {
  const name = `${PREFIX}${sweepId}/${shard}/${String(batch).padStart(5, '0')}.json`;
  await store.write(name, JSON.stringify(entry));
  return name;
}

/** What is kept of one shard's sweep. */
export async function keptOf(store: Store, sweepId: string, shard: ShardName): Promise<string[]> {
  return store.list(`${PREFIX}${sweepId}/${shard}/`);
}

/** Removes a kept batch: it was delivered, or is kept under another name. */
export async function forget(store: Store, name: string): Promise<void> {
  await store.remove(name);
}

/** Everything kept, oldest first. */
export async function spooled(store: Store): Promise<string[]> {
  return store.list(PREFIX);
}

/** Everything kept with its bytes, oldest first. */
export async function measured(store: Store): Promise<Sized[]> {
  return store.measure(PREFIX);
}

/** What is put away, oldest first. */
export async function aside(store: Store): Promise<string[]> {
  return store.list(ASIDE);
}

/** What is put away with its bytes, oldest first. */
export async function asideMeasured(store: Store): Promise<Sized[]> {
  return store.measure(ASIDE);
}

/** The sweep by whose id a batch, kept or put away, is named; an incident's begins with `incident-`. */
export function sweepOf(name: string): string {
  return name.split('/')[1] ?? '';
}

/** A kept batch as it was read, with its version. */
export interface Spooled {
  entry: SpoolEntry;
  etag: string;
}

/** Whether another worker is sending it. */
export function isClaimed({ claimedUntil }: SpoolEntry, now: Date): boolean {
  return claimedUntil !== undefined && claimedUntil > now.toISOString();
}

/** Leaves only these rows of a batch; throws a {@link ConflictError} when it is not what it was any more. */
export async function keepOnly(
  store: Store,
  name: string,
  { entry, etag }: Spooled,
  rows: SpoolEntry['rows'],
): Promise<void> {
  if (rows.length === 0) await store.remove(name, etag);
  else await store.write(name, JSON.stringify({ ...entry, rows }), etag);
}

/** One kept batch with its version; undefined when another worker has just delivered it. */
export async function readSpooled(store: Store, name: string): Promise<Spooled | undefined> {
  const loaded = await readDocument<SpoolEntry>(store, name, 1);
  return loaded && { entry: loaded.document, etag: loaded.etag };
}

/**
 * Puts away a batch that the service will never take, so that it does not stand in the way of the others. `expected`: its
 * version; where another batch has its name by now, that one stays, and a {@link ConflictError} says so.
 */
export async function setAside(store: Store, name: string, entry: SpoolEntry, expected?: string): Promise<void> {
  await store.write(`${ASIDE}${name.slice(PREFIX.length)}`, JSON.stringify(entry));
  await store.remove(name, expected);
}

/** How many rows are put away. `damaged`: gets a note of what cannot be read; without it that throws. */
export async function rowsAside(store: Store, damaged?: CorruptStateError[]): Promise<number> {
  let rows = 0;
  for (const name of await aside(store)) {
    const loaded = await readable(damaged, () => readDocument<SpoolEntry>(store, name, 1));
    rows += loaded?.document.rows.length ?? 0;
  }
  return rows;
}

/** Rows that were not taken, and why: each reason once. */
export interface Untaken {
  rows: number;
  reasons: string[];
}

/** The rows that wait to be sent again, and those that are put away. */
export async function untaken(store: Store): Promise<{ waiting: Untaken; refused: Untaken }> {
  return { waiting: await untakenOf(store, await spooled(store)), refused: await untakenOf(store, await aside(store)) };
}

async function untakenOf(store: Store, names: string[]): Promise<Untaken> {
  let rows = 0;
  const reasons = new Set<string>();
  for (const name of names) {
    const found = await readSpooled(store, name);
    rows += found?.entry.rows.length ?? 0;
    if (found) reasons.add(found.entry.reason);
  }
  return { rows, reasons: [...reasons] };
}
