import { nameOf } from '../access/wording.ts';
import { lastSegment, parseArmId } from '../model/armId.ts';
import type { PostureChange } from '../model/change.ts';
import type { Credential } from '../model/credential.ts';
import type { Instant, Registry } from '../model/estate.ts';
import { type ComparedFinding, registriesIn } from '../model/finding.ts';
import { severityRank, worst } from '../model/severity.ts';
import type { ShardReport } from '../model/sweep.ts';
import { partOf } from '../shard.ts';
import { idOf } from '../stableId.ts';
import { VERSION } from '../version.ts';

/** A row of a custom table: its columns stand in infra/tables/<table>.json, and a test holds them equal. */
export type Row = Record<string, unknown>;

/** What every row of a sweep says. */
export interface RowStamp {
  sweepId: string;
  sweptAt: Instant;
  environment: string;
  tenantId: string;
}

export const TABLES = {
  findings: 'AcrWardenFindings_CL',
  credentials: 'AcrWardenCredentials_CL',
  registries: 'AcrWardenRegistries_CL',
  changes: 'AcrWardenChanges_CL',
  sweeps: 'AcrWardenSweeps_CL',
} as const;

/** The columns that every table begins with. */
export function stamped({ sweepId, sweptAt, environment }: RowStamp): Row {
  return { TimeGenerated: sweptAt, SweptAt: sweptAt, SweepId: sweepId, Environment: environment };
}

export function findingRow(finding: ComparedFinding, stamp: RowStamp): Row {
  return {
    ...stamped(stamp),
    FindingId: finding.findingId,
    CheckId: finding.checkId,
    Category: finding.category,
    Severity: finding.severity,
    SeverityRank: severityRank(finding.severity),
    Status: finding.status,
    StatusReason: finding.statusReason,
    Muted: finding.muted !== undefined,
    MuteReason: finding.muted?.reason ?? '',
    MuteOwner: finding.muted?.owner ?? '',
    MutedUntil: finding.muted?.until ?? null,
    FindingTitle: finding.title,
    Reason: finding.reason,
    Fix: finding.fix,
    Docs: finding.docs,
    AadTenantId: stamp.tenantId,
    SubscriptionId: finding.subscriptionId,
    SubscriptionName: finding.subscriptionName,
    ResourceGroup: finding.resourceGroup,
    RegistryName: finding.registryName,
    RegistryId: finding.registryId,
    ResourceId: finding.resourceId,
    Sku: finding.sku,
    Subject: finding.subject,
    ExpiresOn: finding.expiresOn ?? null,
    FirstSeen: finding.firstSeen,
    LastChanged: finding.lastChanged,
    Owners: finding.owners.join(', '),
    ChangedBy: finding.changedBy ?? '',
    ChangedAt: finding.changedAt ?? null,
    Evidence: finding.evidence,
  };
}

export function credentialRow(credential: Credential, stamp: RowStamp): Row {
  const { resourceId, holder, registries } = credential;
  const [only] = registries;
  return {
    ...stamped(stamp),
    CredentialId: credentialIdOf(credential),
    Kind: credential.kind,
    HolderName: holder.name,
    HolderId: holder.id,
    CredentialName: nameOf(credential),
    StartsOn: credential.startsOn ?? null,
    ExpiresOn: credential.expiresOn ?? null,
    State: credential.state,
    Grants: credential.grants?.join(', ') ?? 'unknown',
    RegistryName: registries.length === 1 && only ? lastSegment(only) : '',
    RegistryCount: registries.length,
    Registries: registries,
    SubscriptionId: subscriptionOf(resourceId),
    Owners: credential.owners.join(', '),
  };
}

/** What identifies a credential from sweep to sweep. */
export function credentialIdOf({ resourceId, subject }: Credential): string {
  return idOf(`${resourceId}|${subject}`);
}

/** Of a registry or a vault; what is kept in the directory is in none. */
function subscriptionOf(resourceId: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(resourceId)?.[1] ?? '';
}

/** What identifies a registry from sweep to sweep, in as many characters as findings and credentials have. */
export function registryKey({ id }: Registry): string {
  return idOf(id);
}

/** The findings of a registry that count as open in its row: its own, and those that name it among several. */
export function openByRegistry(findings: Iterable<ComparedFinding>): (registry: Registry) => ComparedFinding[] {
  const byRegistry = new Map<string, ComparedFinding[]>();
  for (const finding of findings) {
    const { status, muted, registryId, evidence } = finding;
    if (status === 'resolved' || muted) continue;
    for (const id of new Set([registryId, ...registriesIn(evidence)])) {
      const own = byRegistry.get(id);
      if (own) own.push(finding);
      else byRegistry.set(id, [finding]);
    }
  }
  return ({ id }) => byRegistry.get(id) ?? [];
}

/** `open`: see {@link openByRegistry}. */
export function registryRow(registry: Registry, open: ComparedFinding[], subscriptionName: string, stamp: RowStamp) {
  const { id, name, subscriptionId, resourceGroup, location, sku, exposure, roleAssignmentMode } = registry;
  const posture: Partial<Registry> = { ...registry };
  delete posture.createdOn;
  return {
    ...stamped(stamp),
    SubscriptionId: subscriptionId,
    SubscriptionName: subscriptionName,
    ResourceGroup: resourceGroup,
    RegistryName: name,
    RegistryId: id,
    Location: location,
    Sku: sku,
    Exposure: exposure,
    AdminUserEnabled: registry.adminUserEnabled,
    AnonymousPullEnabled: registry.anonymousPullEnabled,
    RoleAssignmentMode: roleAssignmentMode,
    OpenFindings: open.length,
    WorstSeverity: worst(open.map(({ severity }) => severity)) ?? '',
    Posture: posture,
  };
}

/** One changed field; values as JSON text, since they are of every kind. */
export function changeRow(change: PostureChange, stamp: RowStamp): Row {
  const { registryId, before, after, expected } = change;
  const registry = isRegistry(registryId) ? parseArmId(registryId) : undefined;
  return {
    ...stamped(stamp),
    ChangeId: change.changeId,
    SubscriptionId: /^\/subscriptions\/([^/]+)/i.exec(registryId)?.[1] ?? '',
    // What the policy says is about a name, or a pattern of names.
    RegistryName: registry?.name ?? (registryId.startsWith('/') ? '' : registryId),
    RegistryId: registryId.startsWith('/') ? registryId : '',
    Property: change.property,
    Before: JSON.stringify(before ?? null),
    After: JSON.stringify(after ?? null),
    Expected: expected === undefined ? '' : JSON.stringify(expected),
    ChangedBy: change.changedBy,
    ChangedByType: change.changedByType,
    Client: change.client,
    Operation: change.operation,
    CorrelationId: change.correlationId,
    ChangedAt: change.changedAt ?? null,
    Source: change.source,
  };
}

function isRegistry(id: string): boolean {
  return /\/providers\/Microsoft\.ContainerRegistry\/registries\/[^/]+$/i.test(id);
}

export function shardRow(report: ShardReport, stamp: RowStamp): Row {
  return {
    ...stamped(stamp),
    RowKind: 'shard',
    Shard: report.shard,
    SubscriptionId: partOf(report.shard)?.subscriptionId ?? '',
    ...timesOf(report.startedAt, report.finishedAt),
    Outcome: report.outcome,
    Planned: null,
    Reported: null,
    RegistriesSeen: report.registriesSeen,
    RegistriesRead: report.registriesRead,
    RegistriesDeleted: report.registriesDeleted,
    Findings: report.findings,
    FindingsBySeverity: report.findingsBySeverity,
    GapCount: report.gaps.length,
    Gaps: report.gaps,
    Requests: report.requests,
    Throttled: report.throttled,
    RowsPublished: report.rowsPublished,
    RowsUndelivered: report.rowsUndelivered,
    RowsDropped: 0,
    Version: VERSION,
  };
}

export function timesOf(startedAt: Instant, finishedAt: Instant): Row {
  return {
    StartedAt: startedAt,
    FinishedAt: finishedAt,
    DurationMs: Date.parse(finishedAt) - Date.parse(startedAt),
  };
}
