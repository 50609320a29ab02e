import type { AlertCall, Incident, WorkspaceRow } from '../model/alert.ts';
import { type Ask, findingById, lastClosed, openFindings } from './workspace.ts';

export interface IncidentPlace {
  portal: string;
  /** whose rows are meant: a workspace may hold those of several environments; empty: all of them */
  environment: string;
  tenantId: string;
}

/** Puts together what the workspace knows about an alert. `sweepIntervalHours`: between two sweeps. */
export async function investigate(
  call: AlertCall,
  ask: Ask,
  place: IncidentPlace,
  sweepIntervalHours: number,
): Promise<Incident> {
  const finding = await findingById(ask, call.dimensions.FindingId ?? '', place.environment);
  const registryName = textOf(finding, 'RegistryName') || (call.dimensions.RegistryName ?? '');
  const holder = holderOf(finding);
  const related = await openFindings(ask, { registryName, holder, environment: place.environment });
  const others = related.filter((row) => row.FindingId !== finding?.FindingId);
  if (finding) return aboutFinding(call, finding, others, place);
  return {
    ...aboutRule(call, others, place),
    ...((await endsUnseen(call, ask, place, sweepIntervalHours)) && { endsUnseen: true }),
  };
}

/** The same where the workspace does not answer: what the alert itself says. */
export function unanswered(call: AlertCall, place: IncidentPlace): Incident {
  const incident = aboutRule(call, [], place);
  const { FindingTitle } = call.dimensions;
  return {
    ...incident,
    ...(FindingTitle && { title: FindingTitle }),
    summary: `The workspace did not answer when it was asked for more. ${incident.summary}`,
    ...(call.condition === 'Resolved' && { endsUnseen: true }),
  };
}

/** Rules about the auditor that end, too, once its rows are too old for them. */
const NEEDS_ROWS = /sweep-incomplete|coverage-dropped|rows-undelivered|finding-storm/;

/** Whether an alert has ended only because rows have: no row of its finding, or no sweep in the time of `sweep-missing`. */
async function endsUnseen(
  call: AlertCall,
  ask: Ask,
  place: IncidentPlace,
  sweepIntervalHours: number,
): Promise<boolean> {
  if (call.condition !== 'Resolved') return false;
  if (call.dimensions.FindingId) return true;
  if (!NEEDS_ROWS.test(call.rule)) return false;
  const closed = await lastClosed(ask, place.environment);
  const window = (2 * sweepIntervalHours * 60 + 45) * 60_000;
  return closed === undefined || new Date(String(closed.SweptAt)).getTime() < Date.parse(call.at) - window;
}

export type Ending = 'fired' | 'resolved' | 'muted' | 'still open' | 'unseen';

/**
 * How an alert ended: what was mended; what an exception silences; what goes on under another rule, since it got worse or
 * belongs to others now; or what nobody has looked at any more.
 */
export function endOf({ call, finding, endsUnseen }: Pick<Incident, 'call' | 'finding' | 'endsUnseen'>): Ending {
  if (call.condition === 'Fired') return 'fired';
  if (endsUnseen) return 'unseen';
  if (finding === undefined || finding.Status === 'resolved') return 'resolved';
  return finding.Muted === true ? 'muted' : 'still open';
}

/** What stands before the title of an alert that ended. */
export const ENDS: Record<Ending, string> = {
  fired: '',
  resolved: 'Resolved: ',
  muted: 'Muted, which does not mean mended: ',
  'still open': 'Still open: ',
  unseen: 'Not seen any more, which does not mean mended: ',
};

/** An incident about a finding, with what else is open there. */
export function aboutFinding(
  call: AlertCall,
  finding: WorkspaceRow,
  related: WorkspaceRow[],
  place: IncidentPlace,
): Incident {
  const resolved = finding.Status === 'resolved';
  return {
    call,
    title: textOf(finding, 'FindingTitle'),
    summary: textOf(finding, 'Reason'),
    finding,
    related,
    fix: resolved ? '' : textOf(finding, 'Fix'),
    likelyCause: textOf(finding, 'Reason'),
    // What a check found stands in the configuration; behind a gap it is what was known before.
    confidence: finding.Status === 'unverified' ? 'likely' : 'certain',
    links: linksOf(finding, place),
  };
}

/** What to do when the auditor itself is the trouble: design §8's rules that are not about a finding. */
const AUDITOR_RULES: [RegExp, string, string][] = [
  [
    /sweep-missing/,
    'No sweep has ended in time',
    'Look at the function app: do planSweep and closeSweep run, can they sign in, do messages pile up in the poison queues?',
  ],
  [
    /sweep-incomplete/,
    'Part of the estate was not swept, twice in a row',
    'Look at the failed executions of sweepShard, or of sweepTenant, for the named shard, and at its rows in AcrWardenSweeps_CL.',
  ],
  [
    /coverage-dropped/,
    'The auditor sees fewer registries than a day ago',
    'Compare its role assignments with those of yesterday: acr-warden preflight names what is missing.',
  ],
  [
    /rows-undelivered/,
    'Rows wait in the spool, or were dropped from it',
    'Look at the reason kept with them in the state container under spool/ and refused/: usually Monitoring Metrics Publisher is missing on the data collection rule. RowsDropped of the closed rows counts what was dropped for good.',
  ],
  [
    /finding-storm/,
    'Very many findings at once',
    'One cause is likelier than many: a changed policy, a tenant-wide expiry, a change by automation. Start from AcrWardenFindings_CL by CheckId.',
  ],
];

function aboutRule(call: AlertCall, related: WorkspaceRow[], place: IncidentPlace): Incident {
  const [, title, advice] = AUDITOR_RULES.find(([rule]) => rule.test(call.rule)) ?? [];
  const where = Object.entries(call.dimensions)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return {
    call,
    title: title ?? call.rule,
    summary: where ? `The rule names ${where}.` : 'The rule names nothing in particular.',
    related,
    fix: advice ?? 'Open the alert in the portal: its rule says what it asks and what to do.',
    likelyCause: title ?? '',
    confidence: title ? 'likely' : 'unknown',
    links: linksOf(undefined, place),
  };
}

export function linksOf(finding: WorkspaceRow | undefined, { portal, tenantId }: IncidentPlace): Incident['links'] {
  const registryId = textOf(finding, 'RegistryId');
  const links = registryId
    ? [{ title: 'Registry in the portal', url: `${portal}/#@${tenantId}/resource${registryId}` }]
    : [];
  return [
    ...links,
    { title: 'All alerts', url: `${portal}/#view/Microsoft_Azure_Monitoring_Alerts/AlertsManagementSummaryBlade` },
  ];
}

/** Whoever the finding's credential belongs to; what else of theirs is open matters too. */
function holderOf(finding: WorkspaceRow | undefined): string {
  const evidence = finding?.Evidence;
  return typeof evidence === 'object' && evidence !== null && 'holder' in evidence ? String(evidence.holder) : '';
}

export function textOf(row: WorkspaceRow | undefined, column: string): string {
  const value = row?.[column];
  return value === null || value === undefined ? '' : String(value);
}
