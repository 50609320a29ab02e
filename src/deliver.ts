import type { Traffic } from './guard.ts';
import type { ComparedFinding } from './model/finding.ts';
import type { ShardReport } from './model/sweep.ts';
import type { Send } from './publish/ingestion.ts';
import { publish, type RowsByTable } from './publish/publish.ts';
import { changeRow, findingRow, type Row, type RowStamp, TABLES } from './publish/rows.ts';
import { markPublished, type Published, readPublished, type Said } from './state/published.ts';
import type { ShardState } from './state/shardState.ts';
import type { SweepContext } from './sweep.ts';

/**
 * Publishes the rows of a sweep that is saved, and notes that they are and what they have `said`; returns its report with
 * what came of them.
 */
export async function deliver(
  { send, store, clock, azure }: SweepContext,
  report: ShardReport,
  rows: RowsByTable,
  before: Traffic,
  said?: Said,
): Promise<ShardReport> {
  const { sweepId, shard } = report;
  const { published, undelivered } = await publish(send, store, { sweepId, shard }, rows);
  const delivered = {
    ...report,
    finishedAt: clock().toISOString(),
    requests: azure.traffic.requests - before.requests,
    throttled: azure.traffic.throttled - before.throttled,
    rowsPublished: published,
    rowsUndelivered: undelivered,
  };
  // Without a place to send them to, nobody was told anything.
  await markPublished(store, delivered, send && said);
  return delivered;
}

/** Takes nothing: what is kept is sent when the sweeps are closed. */
const LATER: Send = async () => ({ reason: 'the sweep was cut short; this one has to read first', final: false });

/**
 * Publishes what the sweep before this one has found, if it was cut short and its message never came again: some of it
 * may have been sent, and what it resolved would stay open for whoever reads the rows. All of it goes to the spool, for
 * sending it could take the time to read. Returns what has been said by then; undefined: nobody knows.
 */
export async function publishLast(
  context: SweepContext,
  last: ShardState,
  tenantId: string,
): Promise<Published | undefined> {
  const { shard, sweepId, sweptAt, findings, resolved = [], changes = [], report } = last;
  const published = await readPublished(context.store, shard);
  if (published?.sweepId === sweepId) return published;
  const stamp = { sweepId, sweptAt, tenantId, environment: context.environment };
  const rows = {
    [TABLES.findings]: rowsOfFindings([findings, resolved], stamp),
    [TABLES.changes]: changes.map((change) => changeRow(change, stamp)),
  };
  await deliver({ ...context, ...(context.send && { send: LATER }) }, report, rows, { ...context.azure.traffic });
  // Its credentials and postures were not kept: the sweep that comes now says all of them.
  return undefined;
}

function* rowsOfFindings(lists: Iterable<ComparedFinding>[], stamp: RowStamp): Generator<Row> {
  for (const list of lists) for (const finding of list) yield findingRow(finding, stamp);
}
