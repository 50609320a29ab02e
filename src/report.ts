import { messages } from './causes.ts';
import type { Traffic } from './guard.ts';
import type { PostureChange } from './model/change.ts';
import type { Credential } from './model/credential.ts';
import type { Cluster, Facts, Instant, Registry } from './model/estate.ts';
import type { ComparedFinding } from './model/finding.ts';
import { coverOf, type Gap } from './model/gap.ts';
import type { Severity } from './model/severity.ts';
import type { Source } from './model/source.ts';
import type { Plan, ShardName, ShardReport } from './model/sweep.ts';
import { publish, type RowsByTable } from './publish/publish.ts';
import {
  changeRow,
  credentialIdOf,
  credentialRow,
  findingRow,
  openByRegistry,
  type Row,
  type RowStamp,
  registryKey,
  registryRow,
  shardRow,
  TABLES,
} from './publish/rows.ts';
import type { Saying } from './restate.ts';
import { readReport, storeReport } from './state/plans.ts';
import type { SweepContext } from './sweep.ts';

/** What a shard's sweep has found; of a large tenant it is made anew each time that somebody looks at it. */
export interface Found {
  findings: Iterable<ComparedFinding>;
  credentials: Iterable<Credential>;
  /** of the tenant none: they are the subscriptions' */
  registries: Registry[];
  /** of the tenant, where a check asks for them */
  clusters?: Cluster[];
  changes: PostureChange[];
}

/** The rows of one shard's sweep that have to be written, made when they are looked at, and once. */
export function rowsOf(
  found: Found,
  { subscriptions }: Pick<Facts, 'subscriptions'>,
  stamp: RowStamp,
  saying: Saying,
): RowsByTable {
  return {
    [TABLES.findings]: findingRows(found, stamp, saying),
    [TABLES.credentials]: credentialRows(found, stamp, saying),
    [TABLES.registries]: registryRows(found, subscriptions[0]?.displayName ?? '', stamp, saying),
    [TABLES.changes]: found.changes.map((change) => changeRow(change, stamp)),
  };
}

function* findingRows({ findings }: Found, stamp: RowStamp, { isDue }: Saying): Generator<Row> {
  for (const finding of findings) {
    // Every sweep that could not look says so.
    if (isDue(finding.findingId, finding) || finding.status === 'unverified') yield findingRow(finding, stamp);
  }
}

function* credentialRows({ credentials }: Found, stamp: RowStamp, { isDue }: Saying): Generator<Row> {
  for (const credential of credentials) {
    if (isDue(credentialIdOf(credential), credential)) yield credentialRow(credential, stamp);
  }
}

function* registryRows(
  { registries, findings }: Found,
  name: string,
  stamp: RowStamp,
  { isDue }: Saying,
): Generator<Row> {
  // Of the tenant, whose findings would be made anew for nobody.
  if (registries.length === 0) return;
  const ofRegistry = openByRegistry(findings);
  for (const registry of registries) {
    const open = ofRegistry(registry);
    const says = [registry, name, open.map(({ severity }) => severity)];
    if (isDue(registryKey(registry), says)) yield registryRow(registry, open, name, stamp);
  }
}

export interface ReportInput {
  plan: Plan;
  shard: ShardName;
  startedAt: Instant;
  finishedAt: Instant;
  facts: Facts;
  findings: Iterable<ComparedFinding>;
  traffic: Traffic;
  /** the traffic when the shard began */
  before: Traffic;
}

/** What one shard's sweep came to, before anything is published. */
export function reportOf({ plan, shard, facts, findings, traffic, before, ...times }: ReportInput): ShardReport {
  const open = countBySeverity(findings);
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
    findings: Object.values(open).reduce((all, count) => all + count, 0),
    findingsBySeverity: open,
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

/** How many findings are open and not muted. */
function countBySeverity(findings: Iterable<ComparedFinding>): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity, status, muted } of findings) if (status !== 'resolved' && !muted) counts[severity]++;
  return counts;
}

/** Who changed a registry, and when, is no part of what it is. */
const OF_THE_PAST: Source[] = ['changes', 'activityLog'];

/** Whether something of a registry as it is could not be read. */
function hiddenBy(gaps: Gap[]): (registryId: string) => boolean {
  return coverOf(gaps.filter(({ source }) => !OF_THE_PAST.includes(source)));
}
