import { messages } from './causes.ts';
import type { Traffic } from './guard.ts';
import type { Facts, Instant, Registry } from './model/estate.ts';
import type { ComparedFinding } from './model/finding.ts';
import { coverOf, type Gap } from './model/gap.ts';
import type { Severity } from './model/severity.ts';
import type { Source } from './model/source.ts';
import { type Plan, type ShardName, type ShardReport, type ShardResult, TENANT_SHARD } from './model/sweep.ts';
import { publish, type RowsByTable } from './publish/publish.ts';
import {
  changeRow,
  credentialIdOf,
  credentialRow,
  findingRow,
  openByRegistry,
  type RowStamp,
  registryKey,
  registryRow,
  shardRow,
  TABLES,
} from './publish/rows.ts';
import type { Saying } from './restate.ts';
import { readReport, storeReport } from './state/plans.ts';
import type { SweepContext } from './sweep.ts';

/**
 * The rows of one shard's sweep that have to be written. The tenant shard lists registries too, but their rows are the
 * subscriptions'.
 */
export function rowsOf(
  found: Omit<ShardResult, 'report'>,
  shard: ShardName,
  { subscriptions }: Pick<Facts, 'subscriptions'>,
  stamp: RowStamp,
  { isDue }: Saying,
): RowsByTable {
  const name = subscriptions[0]?.displayName ?? '';
  const ofRegistry = openByRegistry(found.findings);
  const registries = shard === TENANT_SHARD ? [] : found.registries;
  const isRegistryDue = (registry: Registry): boolean =>
    isDue(registryKey(registry), [registry, name, ofRegistry(registry).map(({ severity }) => severity)]);
  return {
    [TABLES.findings]: found.findings
      // Every sweep that could not look says so.
      .filter((finding) => isDue(finding.findingId, finding) || finding.status === 'unverified')
      .map((finding) => findingRow(finding, stamp)),
    [TABLES.credentials]: found.credentials
      .filter((credential) => isDue(credentialIdOf(credential), credential))
      .map((credential) => credentialRow(credential, stamp)),
    [TABLES.registries]: registries
      .filter(isRegistryDue)
      .map((registry) => registryRow(registry, ofRegistry(registry), name, stamp)),
    [TABLES.changes]: found.changes.map((change) => changeRow(change, stamp)),
  };
}

export interface ReportInput {
  plan: Plan;
  shard: ShardName;
  startedAt: Instant;
  finishedAt: Instant;
  facts: Facts;
  findings: ComparedFinding[];
  traffic: Traffic;
  /** the traffic when the shard began */
  before: Traffic;
}

/** What one shard's sweep came to, before anything is published. */
export function reportOf({ plan, shard, facts, findings, traffic, before, ...times }: ReportInput): ShardReport {
  const open = findings.filter(({ status, muted }) => status !== 'resolved' && !muted);
  const isHidden = hiddenBy(facts.gaps);
  return {
    sweepId: plan.sweepId,
    sweptAt: plan.sweptAt,
    shard,
    ...times,
    outcome: facts.gaps.length > 0 ? 'partial' : 'complete',
    registriesSeen: facts.registries.length,
    registriesRead: facts.registries.filter(({ id }) => !isHidden(id)).length,
    registriesDeleted: facts.deleted.length,
    findings: open.length,
    findingsBySeverity: countBySeverity(open),
    // What a gap blinds is for the comparison; in a row it could outgrow the field.
    gaps: facts.gaps.map(({ blinds: _, ...gap }) => gap),
    requests: traffic.requests - before.requests,
    throttled: traffic.throttled - before.throttled,
    rowsPublished: 0,
    rowsUndelivered: 0,
  };
}

/**
 * Writes the row of a shard that is swept and saved, and notes it for whoever closes the sweep; a second telling of the
 * same sweep writes nothing.
 */
export async function tell({ send, store }: SweepContext, report: ShardReport, stamp: RowStamp): Promise<ShardReport> {
  const told = await readReport(store, report.sweepId, report.shard);
  if (told) return told;
  // In the spool ~ sorts behind the rows that the report is about.
  const place = { sweepId: report.sweepId, shard: `${report.shard}~report` };
  const delivery = await publish(send, store, place, { [TABLES.sweeps]: [shardRow(report, stamp)] });
  const complete = { ...report, rowsUndelivered: report.rowsUndelivered + delivery.undelivered };
  await storeReport(store, complete);
  return complete;
}

interface Failure {
  plan: Plan;
  shard: ShardName;
  startedAt: Instant;
  error: unknown;
}

/** Leaves a row that a shard's sweep failed. It may be tried again: whoever closes the sweep is not told. */
export async function tellFailure(context: SweepContext, failure: Failure, stamp: RowStamp): Promise<void> {
  const { plan, shard, startedAt, error } = failure;
  const { send, store, clock } = context;
  const report: ShardReport = {
    sweepId: plan.sweepId,
    sweptAt: plan.sweptAt,
    shard,
    startedAt,
    finishedAt: clock().toISOString(),
    outcome: 'failed',
    registriesSeen: 0,
    registriesRead: 0,
    registriesDeleted: 0,
    findings: 0,
    findingsBySeverity: countBySeverity([]),
    gaps: [],
    requests: 0,
    throttled: 0,
    rowsPublished: 0,
    rowsUndelivered: 0,
  };
  const code = error instanceof Error ? error.name : 'Error';
  const why = { source: 'shard', scope: shard, code, reason: messages(error) };
  const row = { ...shardRow(report, stamp), GapCount: 1, Gaps: [why] };
  const place = { sweepId: plan.sweepId, shard: `${shard}~failed` };
  // What made the sweep fail may stand in the way of the row too; then the error itself is all there is.
  await publish(send, store, place, { [TABLES.sweeps]: [row] }).catch(() => undefined);
}

function countBySeverity(findings: { severity: Severity }[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** Who changed a registry, and when, is no part of what it is. */
const OF_THE_PAST: Source[] = ['changes', 'activityLog'];

/** Whether something of a registry as it is could not be read. */
function hiddenBy(gaps: Gap[]): (registryId: string) => boolean {
  return coverOf(gaps.filter(({ source }) => !OF_THE_PAST.includes(source)));
}
