import { sweepIdOf } from '../../src/plan.ts';
import { TABLES } from '../../src/publish/rows.ts';
import { keep, readSpooled, type SpoolEntry, spooled } from '../../src/state/spool.ts';
import type { Store } from '../../src/state/store.ts';
import { fromNow } from '../build.ts';

type Row = Record<string, unknown>;

/** A row of a sweep; `name` finds it again. */
export function row(name: string, seconds: number, change: Row = {}): Row {
  return { name, TimeGenerated: fromNow(seconds), SweptAt: fromNow(seconds), Environment: 'test', ...change };
}

/** A finding's row. */
export function finding(name: string, id: string, seconds: number, Status = 'ongoing', change: Row = {}): Row {
  return row(name, seconds, { FindingId: id, Status, Muted: false, ...change });
}

/** Keeps a batch of rows of findings, unless `change` says of what, in the sweep of its first row. */
export async function wait(
  store: Store,
  shard: string,
  rows: Row[],
  change: Partial<SpoolEntry> = {},
): Promise<string> {
  return keep(store, sweepIdOf(String(rows[0]?.SweptAt)), shard, 0, {
    version: 1,
    table: TABLES.findings,
    rows,
    reason: '503',
    ...change,
  });
}

/** The names of the rows that wait, in the order of delivery. */
export async function waiting(store: Store): Promise<string[]> {
  const names: string[] = [];
  for (const batch of await spooled(store)) {
    const rows = (await readSpooled(store, batch))?.entry.rows ?? [];
    names.push(...rows.map(({ name }) => String(name)));
  }
  return names;
}
