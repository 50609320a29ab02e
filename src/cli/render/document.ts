import { messages } from '../../causes.ts';
import type { ComparedFinding, Status } from '../../model/finding.ts';
import type { Gap } from '../../model/gap.ts';
import { severityRank } from '../../model/severity.ts';
import type { ShardResult } from '../../model/sweep.ts';
import {
  changeRow,
  credentialRow,
  findingRow,
  openByRegistry,
  type Row,
  type RowStamp,
  registryRow,
} from '../../publish/rows.ts';
import type { WholeSweep } from '../sweepAll.ts';

/** One sweep as one JSON document: each object has the columns of its table, in camelCase. */
export interface SweepDocument {
  sweep: Row;
  findings: Row[];
  credentials: Row[];
  registries: Row[];
  changes: Row[];
  gaps: unknown[];
}

const STATUS_ORDER: Status[] = ['new', 'changed', 'unverified', 'ongoing', 'resolved'];

/** Findings worst first, what is new before what is known, then by place: the order in which people read them. */
export function inReadingOrder(findings: ComparedFinding[]): ComparedFinding[] {
  const key = ({ status, registryName, resourceId, checkId, subject }: ComparedFinding): string =>
    [STATUS_ORDER.indexOf(status), registryName || resourceId, checkId, subject].join(' ');
  return [...findings].sort(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0),
  );
}

/** Everything that a sweep found, as programs read it. */
export function documentOf({ plan, closed, shards, failed }: WholeSweep, environment: string): SweepDocument {
  const { sweepId, sweptAt, tenantId } = plan;
  const stamp: RowStamp = { sweepId, sweptAt, tenantId, environment };
  const findings = inReadingOrder(shards.flatMap((shard) => shard.findings));
  const subscriptions = new Map(plan.subscriptions.map((one) => [one.subscriptionId.toLowerCase(), one.displayName]));
  const openOf = openByRegistry(findings);
  const registries = shards.flatMap((shard) => shard.registries);
  return {
    sweep: camel(closed.row),
    findings: findings.map((finding) => camel(findingRow(finding, stamp))),
    credentials: shards.flatMap((shard) => shard.credentials).map((one) => camel(credentialRow(one, stamp))),
    registries: registries.map((one) =>
      camel(registryRow(one, openOf(one), subscriptions.get(one.subscriptionId.toLowerCase()) ?? '', stamp)),
    ),
    changes: shards.flatMap((shard) => shard.changes).map((one) => camel(changeRow(one, stamp))),
    gaps: [...failed.map(unswept), ...gapsOf(shards)],
  };
}

/** What could not be read, each once: what two shards read is told by one of them. */
export function gapsOf(shards: ShardResult[]): Gap[] {
  return shards.flatMap(({ report }) => report.gaps).filter(({ toldElsewhere }) => !toldElsewhere);
}

/** A shard that failed, told as the closed row tells it. */
function unswept({ shard, error }: WholeSweep['failed'][number]) {
  const reason = `shard ${shard} could not be swept: ${messages(error)}`;
  return { source: 'shard', scope: shard, code: 'NotReported', reason };
}

/** What limits the word "nothing": something was not swept, or not read. */
export function withinReach(isWhole: boolean): string {
  return isWhole ? '' : ' in what could be read';
}

/** `FindingId` → `findingId`; what stands inside a column stays as it is. */
function camel(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}
