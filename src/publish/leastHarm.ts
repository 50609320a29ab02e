import { isClaimed, readSpooled } from '../state/spool.ts';
import { readable, type Sized, type Store } from '../state/store.ts';
import { HARMS, type Harm, harmOf, type Knowledge, learn } from './harm.ts';
import type { Row } from './rows.ts';

/** Which rows of a batch. */
export type Which = (row: Row, table: string) => boolean;

/**
 * Which rows to drop, by batch, so that at least so many bytes go and least is lost ({@link HARMS}). Reads each of the
 * batches once, and keeps of them only what they are about. A batch that another worker is sending gives nothing, nor does
 * one that cannot be read.
 */
export async function leastHarm(store: Store, batches: Sized[], now: Date, bytes: number): Promise<Map<string, Which>> {
  const known: Knowledge = { newest: new Map(), held: new Set() };
  const chosen = choose(await weigh(store, batches, now, known), bytes);
  const which =
    (harms: Set<Harm>): Which =>
    (row, table) => {
      const harm = harmOf(known, table, row);
      return harm !== undefined && harms.has(harm);
    };
  return new Map([...chosen].map(([name, harms]) => [name, which(harms)]));
}

/** The bytes of a batch by the harm of dropping them. */
interface Weighed {
  name: string;
  bytes: Map<Harm, number>;
}

/** Newest first, so that what replaces a row is known before the row is met. */
async function weigh(store: Store, batches: Sized[], now: Date, known: Knowledge): Promise<Weighed[]> {
  const weighed: Weighed[] = [];
  for (const { name } of [...batches].reverse()) {
    const found = await readable([], () => readSpooled(store, name));
    if (!found) continue;
    const { entry } = found;
    const claimed = isClaimed(entry, now);
    learn(known, entry, claimed);
    if (claimed) continue;
    const bytes = new Map<Harm, number>();
    for (const row of entry.rows) {
      const harm = harmOf(known, entry.table, row);
      if (harm) bytes.set(harm, (bytes.get(harm) ?? 0) + Buffer.byteLength(JSON.stringify(row)) + 1);
    }
    weighed.push({ name, bytes });
  }
  return weighed.reverse();
}

/** The harms to do to each batch. `weighed`: oldest first. */
function choose(weighed: Weighed[], bytes: number): Map<string, Set<Harm>> {
  const chosen = new Map<string, Set<Harm>>();
  let left = bytes;
  for (const harm of HARMS) {
    // Oldest first, but for what is ongoing: an alert whose last row is the oldest is the next that would resolve.
    for (const { name, bytes: own } of harm === 'ongoing' ? weighed.toReversed() : weighed) {
      if (left <= 0) return chosen;
      const weight = own.get(harm);
      if (weight === undefined) continue;
      chosen.set(name, (chosen.get(name) ?? new Set()).add(harm));
      left -= weight;
    }
  }
  return chosen;
}
