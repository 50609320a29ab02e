import type { ShardName, ShardReport } from '../model/sweep.ts';
import { readDocument, type Store } from './store.ts';

/** What the newest row of each thing says, by its key: a short hash of the row without its stamp. */
export type Said = Record<string, string>;

/** The last sweep of a shard whose rows are all sent, or kept in the spool. */
export interface Published {
  version: 1;
  sweepId: string;
  report: ShardReport;
  /** what these rows and those before them say; absent: nobody knows, and all of it is said again */
  said?: Said;
}

/** What was last published of a shard; undefined: nothing yet. */
export async function readPublished(store: Store, shard: ShardName): Promise<Published | undefined> {
  return (await readDocument<Published>(store, nameOf(shard), 1))?.document;
}

/** Notes that the rows of a shard's sweep need not be sent again. */
export async function markPublished(store: Store, report: ShardReport, said?: Said): Promise<void> {
  const published: Published = { version: 1, sweepId: report.sweepId, report, ...(said && { said }) };
  await store.write(nameOf(report.shard), JSON.stringify(published));
}

function nameOf(shard: ShardName): string {
  return `published/${shard}.json`;
}
