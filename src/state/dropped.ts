import { ABSENT, ConflictError, readDocument, type Store } from './store.ts';

const NAME = 'dropped/rows.json';

/** How many rows were dropped from the spool of which no row of a closed sweep tells yet. */
interface Dropped {
  version: 1;
  rows: number;
}

/** How many rows were dropped and not told of. */
export async function droppedRows(store: Store): Promise<number> {
  return (await readDocument<Dropped>(store, NAME, 1))?.document.rows ?? 0;
}

/** Counts rows before they are dropped; less than none are counted when they were not dropped after all, or are told of. */
export async function countDropped(store: Store, rows: number): Promise<void> {
  for (;;) {
    const found = await readDocument<Dropped>(store, NAME, 1);
    const dropped: Dropped = { version: 1, rows: Math.max(0, (found?.document.rows ?? 0) + rows) };
    try {
      await store.write(NAME, JSON.stringify(dropped), found?.etag ?? ABSENT);
      return;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
