import * as z from 'zod';
import { addedNetworks } from '../drift.ts';
import type { WorkspaceRow } from '../model/alert.ts';
import { sameId } from '../model/armId.ts';
import { networkOf } from '../network.ts';
import type { KnownRule } from './knownRules.ts';
import { textOf } from './text.ts';

/**
 * Whether an open finding may be behind what a rule tells of at a time. What expires is behind nothing before it has, and a
 * drift only where it takes something away.
 */
export function isBehind(row: WorkspaceRow, { causes }: KnownRule, at: string): boolean {
  const checkId = String(row.CheckId);
  if (!causes.includes(checkId)) return false;
  if (checkId.endsWith('-expiring')) return new Date(String(row.ExpiresOn)).getTime() <= Date.parse(at);
  return checkId !== 'public-access-drift' || shuts(row.Evidence);
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
