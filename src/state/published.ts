import type { ShardName, ShardReport } from '../model/sweep.ts';
import { packed } from '../packed.ts';
import { corrupt, readDocument, type Store } from './store.ts';

/** What the newest row of each thing says, by its key: a short hash of the row without its stamp. */
export type Said = Record<string, string>;

/** The last sweep of a shard whose rows are all sent, or kept in the spool. */
export interface Published {
  version: 1;
  sweepId: string;
  report: ShardReport;
  /** what these rows and those before them say, by {@link Said}'s keys; absent: nobody knows, and all of it is said again */
  said?: Iterable<[string, string]>;
}

type Stored = Omit<Published, 'said'> & { said?: Said };

/** What was last published of a shard; undefined: nothing yet. */
export async function readPublished(store: Store, shard: ShardName): Promise<Published | undefined> {
  const document = (await readDocument<Stored>(store, nameOf(shard), 1))?.document;
  if (!document) return undefined;
  const { said, ...published } = document;
  const { sweepId, report }: Partial<Stored> = published;
  if (typeof sweepId !== 'string' || !report) throw corrupt('is damaged', { store, name: nameOf(shard) });
  if (!said) return published;
  // Not looked at before the sweep is through, and of a large tenant it is much.
  const kept = packed<[string, string]>();
  for (const entry of Object.entries(said)) kept.add(entry);
  kept.seal();
  return { ...published, said: kept };
}

/** Notes that the rows of a shard's sweep need not be sent again. */
export async function markPublished(store: Store, report: ShardReport, said?: Said): Promise<void> {
  const published: Stored = { version: 1, sweepId: report.sweepId, report, ...(said && { said }) };
  await store.write(nameOf(report.shard), JSON.stringify(published));
}

function nameOf(shard: ShardName): string {
  return `published/${shard}.json`;
}
