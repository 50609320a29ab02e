import type { AlertCall, Incident, WorkspaceRow } from '../model/alert.ts';
import type { ResolvedReason } from '../model/finding.ts';
import { adviceOf, type KnownRule, knownRule } from './knownRules.ts';
import { unseenSince } from './lastSeen.ts';
import { closedBy, isBehind, mendOf } from './likelyCause.ts';
import { MOST_OF_A_COMMAND, textOf } from './text.ts';
import {
  type Ask,
  findingById,
  lastClosed,
  lastSwept,
  type Open,
  openFindings,
  registryAt,
  registryByName,
  type SweptRegistry,
} from './workspace.ts';

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
  if (finding) {
    const registryName = textOf(finding, 'RegistryName') || (call.dimensions.RegistryName ?? '');
    const about = { registryName, principal: principalOf(finding), environment: place.environment };
    const others = await openFindings(ask, { ...about, beside: textOf(finding, 'FindingId') });
    return aboutFinding(call, finding, others, place);
  }
  const registry = await registryOf(call, ask, place.environment);
  const about = { registryName: registry.name, environment: place.environment };
  const open = await openFindings(ask, about, { causes: knownRule(call.rule)?.causes ?? [], at: call.at });
  const unseen = registry.row && unseenSince(registry.row, await lastSwept(ask, place.environment));
  return {
    ...aboutRule(call, place, { registry, open, ...(unseen && { unseen }) }),
    ...((await endsUnseen(call, ask, place, sweepIntervalHours)) && { endsUnseen: true }),
  };
}

/** What the workspace says of the registry that a rule names. */
interface Looked {
  registry: SweptRegistry;
  open: Open;
  /** why it may not be there any more */
  unseen?: string;
}

async function registryOf(call: AlertCall, ask: Ask, environment: string): Promise<SweptRegistry> {
  const { LoginServer, RegistryName: name = call.registryName ?? '' } = call.dimensions;
  if (LoginServer) return registryAt(ask, LoginServer, environment);
  const row = name ? await registryByName(ask, name, environment) : undefined;
  return { name: textOf(row, 'RegistryName') || name, row };
}

/** The same where the workspace does not answer: what the alert itself says. */
export function unanswered(call: AlertCall, place: IncidentPlace): Incident {
  const incident = aboutRule(call, place);
  return {
    ...incident,
    summary: `The workspace did not answer when it was asked for more. ${incident.summary}`,
    ...(call.condition === 'Resolved' && { endsUnseen: true }),
  };
}

/**
 * Whether an alert has ended and nothing says that anything was mended: no row of its finding, no sweep in the time of
 * `sweep-missing`, or a rule whose end never says so.
 */
async function endsUnseen(
  call: AlertCall,
  ask: Ask,
  place: IncidentPlace,
  sweepIntervalHours: number,
): Promise<boolean> {
  if (call.condition !== 'Resolved') return false;
  if (call.dimensions.FindingId) return true;
  const end = knownRule(call.rule)?.end ?? 'mended';
  if (end !== 'mended while swept') return end === 'says nothing';
  const closed = await lastClosed(ask, place.environment);
  const window = (2 * sweepIntervalHours * 60 + 45) * 60_000;
  return closed === undefined || new Date(String(closed.SweptAt)).getTime() < Date.parse(call.at) - window;
}

export type Ending = 'fired' | 'resolved' | 'deleted' | 'accepted' | 'out of scope' | 'muted' | 'still open' | 'unseen';

const BY_REASON: Readonly<Record<string, Ending>> = {
  fixed: 'resolved',
  deleted: 'deleted',
  accepted: 'accepted',
  'out-of-scope': 'out of scope',
} satisfies Record<ResolvedReason, Ending>;

/**
 * How an alert ended: what was mended, or is gone; what somebody accepted as it is; what another check has now, or none; what
 * an exception silences; what goes on under another rule, since it got worse or belongs to others now; or what nobody has
 * looked at any more.
 */
export function endOf({ call, finding, endsUnseen }: Pick<Incident, 'call' | 'finding' | 'endsUnseen'>): Ending {
  if (call.condition === 'Fired') return 'fired';
  if (endsUnseen) return 'unseen';
  if (finding === undefined) return 'resolved';
  if (finding.Status === 'resolved') return BY_REASON[textOf(finding, 'StatusReason')] ?? 'unseen';
  return finding.Muted === true ? 'muted' : 'still open';
}

/** What stands before the title of an alert that ended. */
export const ENDS: Record<Ending, string> = {
  fired: '',
  resolved: 'Resolved: ',
  deleted: 'Gone with what it was about: ',
  accepted: 'Accepted, which does not mean mended: ',
  'out of scope': 'No longer looked at under this name, which does not mean mended: ',
  muted: 'Muted, which does not mean mended: ',
  'still open': 'Still open: ',
  unseen: 'Not seen any more, which does not mean mended: ',
};

/** An incident about a finding, with what else is open there. */
export function aboutFinding(call: AlertCall, finding: WorkspaceRow, others: Open, place: IncidentPlace): Incident {
  return {
    call,
    title: textOf(finding, 'FindingTitle'),
    summary: textOf(finding, 'Reason'),
    finding,
    ...listing(others),
    fix: finding.Status === 'resolved' ? '' : fixOf(textOf(finding, 'Fix'), finding, others.rows),
    likelyCause: textOf(finding, 'Reason'),
    // What a check found stands in the configuration; behind a gap it is what was known before.
    confidence: finding.Status === 'unverified' ? 'likely' : 'certain',
    links: linksOf(finding, place),
  };
}

/**
 * What mends a finding: what closed a registry is undone before anything is built, where a card has room for both. To accept the
 * closing, which is the rest of the drift's fix, mends nothing.
 */
function fixOf(own: string, finding: WorkspaceRow, open: WorkspaceRow[]): string {
  const [undo = ''] = textOf(closedBy(finding, open), 'Fix').split('; or ');
  const both = [undo, own].filter(Boolean).join('; or ');
  return both.length > MOST_OF_A_COMMAND ? own : both;
}

/** An incident about what a rule says, with what the workspace says of it, if it was asked. */
function aboutRule(call: AlertCall, place: IncidentPlace, looked?: Looked): Incident {
  const known = knownRule(call.rule);
  const registryName = looked?.registry.name || (call.registryName ?? '');
  const cause = known && looked?.open.rows.find((row) => isBehind(row, known, call.at));
  const verdict = known?.isAboutClients && looked ? ` ${verdictOf(looked, known, cause)}` : '';
  const likelyCause = known?.isAboutClients ? textOf(cause, 'Reason') : (known?.title ?? '');
  return {
    call,
    // Of a finding without a row, only the call has the title.
    title: call.dimensions.FindingTitle || known?.title || call.rule,
    summary: `${saidBy(call)}${verdict}`,
    ...(cause && { finding: cause }),
    ...(registryName && { registryName }),
    ...listing(looked?.open, cause),
    fix: (cause && looked && fixOf(mendOf(cause), cause, looked.open.rows)) || adviceOf(known, registryName),
    likelyCause,
    confidence: likelyCause ? 'likely' : 'unknown',
    links: linksOf(looked?.registry.row ?? cause, place),
  };
}

/** What is open there, for an incident: without the finding that it is about. */
function listing(
  { rows, unlisted }: Open = { rows: [], unlisted: 0 },
  finding?: WorkspaceRow,
): Pick<Incident, 'related' | 'unlisted'> {
  return { related: rows.filter((row) => row !== finding), ...(unlisted > 0 && { unlisted }) };
}

/** What the call itself says. */
function saidBy({ dimensions, registryName, caller }: AlertCall): string {
  const named = Object.entries({ ...dimensions, ...(registryName && { registry: registryName }) });
  const where = named.flatMap(([name, value]) => (value ? `${name} ${value}` : [])).join(', ');
  const who = caller ? ` As the caller it names ${caller}: the activity log has it at first hand.` : '';
  return `The rule names ${where || 'nothing in particular'}.${who}`;
}

/** What the workspace says to it. That nothing is open is said only of a registry that somebody has looked at. */
function verdictOf({ registry, open, unseen }: Looked, { causes }: KnownRule, cause: WorkspaceRow | undefined): string {
  if (cause) return `What may be behind it: ${textOf(cause, 'Reason')}`;
  if (!registry.row) {
    return `No sweep of the last two days has seen ${registry.name || 'that registry'}: what is open there is not known.`;
  }
  if (open.rows.length > 0 && causes.length === 0) return 'What is open there is listed below.';
  const unexplained = open.rows.length > 0 && 'None of the open findings there explains it';
  if (unseen) return `${unexplained ? `${unexplained}, and what else` : 'What'} is open there is not known: ${unseen}.`;
  const none = unexplained || 'The workspace holds no open finding of it';
  return `${none}: what is muted, could not be read or has not been delivered yet is not among them.`;
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

/** The principal that a finding is about; what else is open of theirs matters too, wherever it is. */
function principalOf(finding: WorkspaceRow): string {
  const id = textOf(finding, 'ResourceId');
  return id.startsWith('/servicePrincipals/') ? id : '';
}
