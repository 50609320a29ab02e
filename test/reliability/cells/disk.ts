import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStore } from '../../../src/state/folder.ts';
import type { Store } from '../../../src/state/store.ts';
import { type Cell, merged, type Outcome, played } from '../cell.ts';

/** More than the writes of one sweep of all shards: beyond the last nothing is full. */
const WRITES = 18;

/** A folder on a disk that is full from the n-th write on. */
async function fullAfter(writes: number): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'acr-warden-disk-'));
  let left = writes;
  const full = (inner: Store): Store => ({
    ...inner,
    async write(name, text, expected) {
      if (left-- > 0) return inner.write(name, text, expected);
      const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      throw new Error(`cannot write ${name}`, { cause });
    },
  });
  try {
    return await played({ store: folderStore(folder), wrapping: () => ({ store: full }) });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function fullSooner(): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (let writes = 0; writes < WRITES; writes += 2) outcomes.push(await fullAfter(writes));
  const all = merged(outcomes);
  // Which document it was differs.
  const sees = all.sees.map((line) => line.replace(/cannot write .*/, 'cannot write'));
  return { ...all, sees: [...new Set(sees)] };
}

export const DISK: Cell[] = [
  { area: 'The disk', name: 'full, sooner or later in the sweep of a command line', run: fullSooner },
];
