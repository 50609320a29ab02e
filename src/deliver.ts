import type { Traffic } from './guard.ts';
import type { ShardReport } from './model/sweep.ts';
import { publish, type RowsByTable } from './publish/publish.ts';
import { changeRow, findingRow, TABLES } from './publish/rows.ts';
import { markPublished, readPublished } from './state/published.ts';
import type { ShardState } from './state/shardState.ts';
import type { SweepContext } from './sweep.ts';

/** Publishes the rows of a sweep that is saved, and notes that they are; returns its report with what came of them. */
export async function deliver(
  { send, store, clock, azure }: SweepContext,
  report: ShardReport,
  rows: RowsByTable,
  before: Traffic,
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
  await markPublished(store, delivered);
  return delivered;
}

/**
 * Publishes what the sweep before this one has found, if it was cut short and its message never came again: some of it
 * may have been sent, and what it resolved would stay open for whoever reads the rows.
 */
export async function publishLast(context: SweepContext, last: ShardState, tenantId: string): Promise<void> {
  const { shard, sweepId, sweptAt, findings, resolved = [], changes = [], report } = last;
  if ((await readPublished(context.store, shard))?.sweepId === sweepId) return;
  const stamp = { sweepId, sweptAt, tenantId, environment: context.environment };
  const rows = {
    [TABLES.findings]: [...findings, ...resolved].map((finding) => findingRow(finding, stamp)),
    [TABLES.changes]: changes.map((change) => changeRow(change, stamp)),
  };
  await deliver(context, report, rows, { ...context.azure.traffic });
}
