import * as z from 'zod';
import { addedNetworks } from '../drift.ts';
import type { WorkspaceRow } from '../model/alert.ts';
import { lastSegment, sameId } from '../model/armId.ts';
import { severityRank } from '../model/severity.ts';
import { networkOf } from '../network.ts';
import type { KnownRule } from './knownRules.ts';
import { textOf, timeOf } from './text.ts';

/**
 * Whether an open finding may be behind what a rule tells of at a time. What has an end is behind nothing before that, and
 * later than {@link LATELY_MS} after it only where its holder lost all access by it, as its severity says: whoever used
 * another one of several has long been heard of. A drift is behind it only where it takes something away.
 */
export function isBehind(row: WorkspaceRow, { causes }: Pick<KnownRule, 'causes'>, at: string): boolean {
  const checkId = textOf(row, 'CheckId');
  if (!causes.includes(checkId)) return false;
  if (checkId === 'public-access-drift') return shuts(row.Evidence);
  const [endedAt, now] = [endedAtOf(row), Date.parse(at)];
  if (endedAt === undefined) return true;
  return endedAt <= now && (endedAt > now - LATELY_MS || isLastOfHolder(row));
}

/** Whether the end of a credential leaves its holder without any, as the severity of its finding says. */
function isLastOfHolder(row: WorkspaceRow): boolean {
  return Number(row.SeverityRank) >= severityRank('high');
}

const LATELY_MS = 2 * 24 * 60 * 60 * 1000;

/** When ended what a finding is about; undefined where it is about nothing that ends, NaN where nobody knows. */
function endedAtOf(row: WorkspaceRow): number | undefined {
  const checkId = textOf(row, 'CheckId');
  // Nobody tells when a principal was deleted.
  if (checkId === 'role-assignment-orphaned') return timeOf(row, 'FirstSeen');
  return /-expir(ed|ing)$|^credential-superseded$/.test(checkId) ? timeOf(row, 'ExpiresOn') : undefined;
}

/** Evidence about a credential. */
const OfHolder = z.object({
  holder: z.string(),
  supersededBy: z.string().optional(),
  federated: z.boolean().optional(),
});

/**
 * What mends the failing of clients that a finding is behind. To remove what has ended settles the finding and helps no client:
 * whoever still uses it needs what works.
 */
export function mendOf(row: WorkspaceRow): string {
  const [checkId, fix] = [textOf(row, 'CheckId'), textOf(row, 'Fix')];
  if (checkId === 'role-assignment-orphaned')
    return `restore the principal if it was deleted by mistake, which is possible for 30 days; otherwise give its clients another identity, then ${fix}`;
  const { data } = OfHolder.safeParse(row.Evidence);
  if (!data || isLastOfHolder(row) || !/-expired$|^credential-superseded$/.test(checkId)) return fix;
  const { holder, supersededBy, federated } = data;
  const other = supersededBy ?? (federated ? 'the federated credential' : 'another credential that works');
  return `move the clients of ${holder} that still use it to ${other}: ${accessOf(row)} shows what there is`;
}

/** The command that shows what the holder of a credential has. */
function accessOf(row: WorkspaceRow): string {
  const id = textOf(row, 'ResourceId');
  const isPrincipal = id.startsWith('/servicePrincipals/');
  return `acr-warden access ${isPrincipal ? `--principal ${lastSegment(id)}` : textOf(row, 'RegistryName')}`;
}

/** A list that was too long for its column ends in a text: what it lacks is not known. */
const Networks = z.array(z.string().refine((text) => networkOf(text) !== undefined));
const Switch = z.object({ live: z.unknown() }).transform(({ live }) => live === false || live === 'None');

/** The evidence of a drift, each field as whether somebody had been let in by it who is not any more. */
const Shut = z
  .object({
    exposure: z
      .object({ expected: z.string(), live: z.string() })
      .transform(({ expected, live }) => live === 'private' || expected === 'public'),
    ipRules: z
      .object({ expected: Networks, live: Networks })
      .transform(({ expected, live }) => addedNetworks(live, expected).length > 0),
    anonymousPull: Switch,
    adminUser: Switch,
    bypass: Switch,
    tasksBypass: Switch,
    armAudienceTokens: Switch,
  })
  .partial();

function shuts(evidence: unknown): boolean {
  return Object.values(shutFields(evidence)).includes(true);
}

function shutFields(evidence: unknown): z.infer<typeof Shut> {
  return Shut.safeParse(evidence).data ?? {};
}

/** Of a registry that nobody can reach, the open drift that closed it: it says how to undo that at once. */
export function closedBy(finding: WorkspaceRow, open: WorkspaceRow[]): WorkspaceRow | undefined {
  if (finding.CheckId !== 'registry-unreachable') return undefined;
  return open.find((row) => {
    const { exposure, ipRules } = shutFields(row.Evidence);
    const isThere = sameId(textOf(row, 'RegistryId'), textOf(finding, 'RegistryId'));
    return row.CheckId === 'public-access-drift' && isThere && (exposure === true || ipRules === true);
  });
}
