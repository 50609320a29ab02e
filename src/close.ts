import type { Instant } from './model/estate.ts';
import type { Outcome, Plan, ShardName, ShardReport } from './model/sweep.ts';
import { shardsOf, sweepIdOf } from './plan.ts';
import { boundSpool } from './publish/bound.ts';
import { publish } from './publish/publish.ts';
import { redeliver } from './publish/redeliver.ts';
import { type Row, type RowStamp, stamped, TABLES, timesOf } from './publish/rows.ts';
import { subscriptionOf } from './shard.ts';
import { countDropped, droppedRows } from './state/dropped.ts';
import { forgetIncidents } from './state/incidents.ts';
import { forgetBefore, markClosed, openSweeps, readPlan, readReport } from './state/plans.ts';
import { CorruptStateError, readable } from './state/store.ts';
import type { SweepContext } from './sweep.ts';
import { VERSION } from './version.ts';

/** After this long a sweep is closed with what has reported: well inside the alert for a missing sweep (design §8). */
const DEADLINE_MS = 45 * 60 * 1000;
/** Of the half an hour that host.json gives; after a long outage the spool is emptied by several closings. */
const DELIVER_MS = 10 * 60 * 1000;
/** A late message still finds its plan for as long as alerts look back. */
const KEEP_MS = 2 * 24 * 60 * 60 * 1000;

export interface Closed {
  sweepId: string;
  planned: number;
  reported: number;
  missing: ShardName[];
  outcome: Outcome;
  /** as it was written */
  row: Row;
}

/**
 * Delivers again what is in the spool, drops what is too much of the rest, then closes each sweep whose shards have all
 * reported or are overdue. `ended`: a sweep of which nothing more will come, whoever has not reported. `keptCards`: cards
 * that Teams did not take; they count as undelivered too.
 */
export async function closeSweeps(
  context: SweepContext,
  ended?: string,
  keptCards = 0,
): Promise<{ closed: Closed[]; undelivered: number; dropped: number }> {
  const { store, send, clock } = context;
  const now = clock();
  const damaged: CorruptStateError[] = [];
  const isLate = (): boolean => clock().getTime() - now.getTime() >= DELIVER_MS;
  const waiting = send ? await redeliver(send, store, now, damaged, isLate) : 0;
  const dropped = send ? await drop(context, now, damaged) : { gone: 0, untold: 0 };
  const undelivered = Math.max(0, waiting - dropped.gone) + keptCards;
  const closed: Closed[] = [];
  for (const sweepId of await openSweeps(store)) {
    const plan = await readable(damaged, () => readPlan(store, sweepId));
    if (!plan) continue;
    const reports = await reportsOf(context, plan, damaged);
    const missing = shardsOf(plan).filter((shard) => !reports.some((report) => report.shard === shard));
    const overdue = sweepId === ended || now.getTime() - Date.parse(plan.sweptAt) >= DEADLINE_MS;
    if (missing.length > 0 && !overdue) continue;
    const summary = summaryOf(plan, reports, missing);
    const stamp = { sweepId, sweptAt: plan.sweptAt, tenantId: plan.tenantId, environment: context.environment };
    const rows = { undelivered, dropped: dropped.untold };
    const row = closedRow(plan, reports, summary, { now: now.toISOString(), rows, stamp });
    await publish(send, store, { sweepId, shard: '~closed' }, { [TABLES.sweeps]: [row] });
    await markClosed(store, sweepId);
    // Not before the row is there for good: cut short in between they are told of twice, but never not at all.
    if (dropped.untold > 0) await countDropped(store, -dropped.untold);
    dropped.untold = 0;
    closed.push({ ...summary, row });
  }
  await forgetBefore(store, sweepIdOf(new Date(now.getTime() - KEEP_MS).toISOString()));
  await readable(damaged, () => forgetIncidents(store, now, damaged));
  // Not before: what cannot be read must not stand in the way of what can.
  if (damaged.length > 0) throw new CorruptStateError(damaged.map(({ message }) => message).join('\n'));
  return { closed, undelivered, dropped: dropped.gone };
}

/** Holds the spool to its limits. `untold`: rows dropped now or earlier of which no closed row tells yet. */
async function drop({ store, spoolLimits }: SweepContext, now: Date, damaged: CorruptStateError[]) {
  const dropped = await readable(damaged, async () => ({
    gone: await boundSpool(store, now, spoolLimits),
    untold: await droppedRows(store),
  }));
  return dropped ?? { gone: 0, untold: 0 };
}

/** A shard whose report cannot be read has not reported. */
async function reportsOf({ store }: SweepContext, plan: Plan, damaged: CorruptStateError[]): Promise<ShardReport[]> {
  const reports: ShardReport[] = [];
  for (const shard of shardsOf(plan)) {
    const report = await readable(damaged, () => readReport(store, plan.sweepId, shard));
    if (report) reports.push(report);
  }
  return reports;
}

function summaryOf(plan: Plan, reports: ShardReport[], missing: ShardName[]): Omit<Closed, 'row'> {
  const complete = missing.length === 0 && reports.every(({ outcome }) => outcome === 'complete');
  const outcome = reports.length === 0 ? 'failed' : complete ? 'complete' : 'partial';
  // A subscription counts once, into however many shards it is cut: else a new cut would look like a smaller plan.
  const planned = 1 + plan.subscriptions.length;
  const reported = planned - new Set(missing.map(subscriptionOf)).size;
  return { sweepId: plan.sweepId, planned, reported, missing, outcome };
}

interface Closing {
  now: Instant;
  rows: { undelivered: number; dropped: number };
  stamp: RowStamp;
}

function closedRow(
  plan: Plan,
  reports: ShardReport[],
  closed: Omit<Closed, 'row'>,
  { now, rows, stamp }: Closing,
): Row {
  const sum = (count: (report: ShardReport) => number): number => reports.reduce((all, one) => all + count(one), 0);
  const notReported = closed.missing.map((shard) => ({
    source: 'shard',
    scope: shard,
    code: 'NotReported',
    reason: `shard ${shard} did not report`,
  }));
  // First what did not report: where there are too many gaps for one field, the end of the list is cut.
  const gaps = [...notReported, ...reports.flatMap((report) => report.gaps)];
  const bySeverity = Object.fromEntries(
    (['critical', 'high', 'medium', 'low', 'info'] as const).map((severity) => [
      severity,
      sum(({ findingsBySeverity }) => findingsBySeverity[severity]),
    ]),
  );
  return {
    ...stamped(stamp),
    RowKind: 'closed',
    Shard: '',
    SubscriptionId: '',
    ...timesOf(plan.sweptAt, now),
    Outcome: closed.outcome,
    Planned: closed.planned,
    Reported: closed.reported,
    // The tenant shard lists the same registries again.
    RegistriesSeen: sum(({ shard, registriesSeen }) => (shard === 'tenant' ? 0 : registriesSeen)),
    RegistriesRead: sum(({ shard, registriesRead }) => (shard === 'tenant' ? 0 : registriesRead)),
    RegistriesDeleted: sum(({ registriesDeleted }) => registriesDeleted),
    Findings: sum(({ findings }) => findings),
    FindingsBySeverity: bySeverity,
    GapCount: gaps.length,
    Gaps: gaps,
    Requests: sum(({ requests }) => requests),
    Throttled: sum(({ throttled }) => throttled),
    RowsPublished: sum(({ rowsPublished }) => rowsPublished),
    RowsUndelivered: rows.undelivered,
    RowsDropped: rows.dropped,
    Version: VERSION,
  };
}
