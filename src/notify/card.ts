import type { Incident, WorkspaceRow } from '../model/alert.ts';
import { lastSegment } from '../model/armId.ts';
import { registriesIn } from '../model/finding.ts';
import { ENDS, type Ending, endOf } from './incident.ts';
import { minute, safe, safeCommand, textOf, visible } from './text.ts';

/**
 * Teams takes 28,672 bytes after it has blown a message up by about a fifth, and says nothing to the sender of a larger
 * one: facts §5.4.
 */
export const CARD_BYTES = 20_000;

export interface TeamsMessage {
  type: 'message';
  attachments: { contentType: string; contentUrl: null; content: AdaptiveCard }[];
}

interface AdaptiveCard {
  $schema: string;
  type: 'AdaptiveCard';
  version: string;
  msteams: { width: 'Full' };
  body: Block[];
  actions: { type: 'Action.OpenUrl'; title: string; url: string }[];
}

type Block = Record<string, unknown>;
/** A part of a card: the smaller its weight, the sooner it is dropped from one that is too large. */
interface Part {
  weight: number;
  blocks: Block[];
}

/** No id of a registry makes a longer one: what does leaves no room for the rest. */
const MOST_OF_A_LINK = 2000;

/** For whoever is woken; in the repository, beside the page of each check. */
export const RUNBOOK = 'docs/runbook.md';

const COLOURS: Record<string, string> = {
  Sev0: 'attention',
  Sev1: 'attention',
  Sev2: 'warning',
  Sev3: 'accent',
  Sev4: 'default',
};

/** An incident as a card for a Teams workflow, at most 20 KB: what matters least is left out, and the card says so. */
export function cardOf(incident: Incident): TeamsMessage {
  let parts = partsOf(incident);
  let message = messageOf(parts, incident, false);
  while (Buffer.byteLength(JSON.stringify(message)) > CARD_BYTES && parts.length > 1) {
    const least = parts.reduce((a, b) => (b.weight < a.weight ? b : a));
    parts = parts.filter((part) => part !== least);
    message = messageOf(parts, incident, true);
  }
  return message;
}

/** One card in place of many, while alerts rain. */
export function stormCard(count: number, since: string, portal: string): TeamsMessage {
  const body: Block[] = [
    { type: 'TextBlock', text: 'Many alerts at once', weight: 'bolder', size: 'large', wrap: true, color: 'attention' },
    {
      type: 'TextBlock',
      text: `More than ${count} alerts since ${minute(since)}. Further ones of this quarter of an hour get no card of their own; all are in AcrWardenIncidents\\_CL. One cause is likelier than many.`,
      wrap: true,
    },
  ];
  const url = `${portal}/#view/Microsoft_Azure_Monitoring_Alerts/AlertsManagementSummaryBlade`;
  return envelope({ body, actions: [{ type: 'Action.OpenUrl', title: 'All alerts', url }] });
}

function partsOf(incident: Incident): Part[] {
  const { call, title, summary, finding, related, unlisted = 0, fix } = incident;
  const end = endOf(incident);
  const colour = isOver(end) ? 'good' : 'warning';
  const head: Block[] = [
    {
      type: 'TextBlock',
      text: `${ENDS[end]}${safe(title)}`,
      weight: 'bolder',
      size: 'large',
      wrap: true,
      color: end === 'fired' ? (COLOURS[call.severity] ?? 'default') : colour,
    },
    { type: 'TextBlock', text: safe(summary), wrap: true },
  ];
  const parts: Part[] = [{ weight: 100, blocks: head }];
  const facts = factsOf(end, incident);
  parts.push({ weight: 80, blocks: [{ type: 'FactSet', facts }] });
  if (fix && !isOver(end)) {
    parts.push({
      weight: 90,
      blocks: [
        { type: 'TextBlock', text: 'To mend it', weight: 'bolder', wrap: true, separator: true },
        { type: 'TextBlock', text: safeCommand(fix), fontType: 'monospace', wrap: true },
      ],
    });
  }
  const query = queryOf(finding);
  if (query) {
    parts.push({
      weight: 30,
      blocks: [
        { type: 'TextBlock', text: 'Its rows in Log Analytics', weight: 'bolder', wrap: true, separator: true },
        { type: 'TextBlock', text: safe(query), fontType: 'monospace', wrap: true },
      ],
    });
  }
  const opened = registriesOf(finding);
  if (opened.length > 1) parts.push({ weight: 40, blocks: list('Registries it opens', opened.map(safe)) });
  if (related.length > 0) parts.push({ weight: 20, blocks: list('Also open there', related.map(inOneLine), unlisted) });
  return parts;
}

/** Whether nothing is left that is wrong. */
function isOver(end: Ending): boolean {
  return end === 'resolved' || end === 'deleted';
}

/** What happened at the time of the call. */
function eventOf(end: Ending): string {
  if (end === 'fired') return 'Fired';
  return end === 'resolved' ? 'Resolved' : 'Alert ended';
}

function factsOf(end: Ending, { call, finding, registryName }: Incident): { title: string; value: string }[] {
  const facts: [string, string][] = [
    [eventOf(end), minute(call.at)],
    ['Severity', safe(textOf(finding, 'Severity'))],
    ['Registry', safe(registryName || textOf(finding, 'RegistryName'))],
    ['Subscription', safe(textOf(finding, 'SubscriptionName'))],
    ['Which', safe(textOf(finding, 'Subject'))],
    ['Expires', minute(finding?.ExpiresOn)],
    ['Owners', safe(textOf(finding, 'Owners'))],
    ['Changed by', safe([textOf(finding, 'ChangedBy'), minute(finding?.ChangedAt)].filter(Boolean).join(', '))],
    ['First seen', minute(finding?.FirstSeen)],
    ['State', safe(stateOf(finding))],
    ['Check', safe(textOf(finding, 'CheckId'))],
    ['Explained in', safe([textOf(finding, 'Docs'), RUNBOOK].filter(Boolean).join(', '))],
  ];
  return facts.filter(([, value]) => value !== '').map(([title, value]) => ({ title, value }));
}

/** The status of a finding, and why it is that. */
export function stateOf(finding: WorkspaceRow | undefined): string {
  return [textOf(finding, 'Status'), textOf(finding, 'StatusReason')].filter(Boolean).join(': ');
}

/** What shows a finding's past to whoever opens the workspace. */
export function queryOf(finding: WorkspaceRow | undefined): string {
  const id = textOf(finding, 'FindingId');
  return id ? `AcrWardenFindings_CL | where FindingId == "${id}" | order by SweptAt desc` : '';
}

/** As many as a person reads in a card. */
const MOST_LINES = 5;

/** `unlisted`: how many more there are than these. */
function list(title: string, lines: string[], unlisted = 0): Block[] {
  const shown = lines.slice(0, MOST_LINES).map((line) => `- ${line}`);
  const more = lines.length - shown.length + unlisted;
  if (more > 0) shown.push(`- and ${more} more`);
  return [
    { type: 'TextBlock', text: title, weight: 'bolder', wrap: true, separator: true },
    { type: 'TextBlock', text: shown.join('\n'), wrap: true },
  ];
}

export function inOneLine(row: WorkspaceRow): string {
  const place = [textOf(row, 'RegistryName'), textOf(row, 'Subject')].filter(Boolean).join(' ');
  return `${safe(textOf(row, 'Severity'))}: ${safe(textOf(row, 'FindingTitle'))}${place ? ` (${safe(place)})` : ''}`;
}

export function registriesOf(finding: WorkspaceRow | undefined): string[] {
  return registriesIn(finding?.Evidence).map(lastSegment);
}

function messageOf(parts: Part[], { links }: Incident, shortened: boolean): TeamsMessage {
  const body = parts.flatMap(({ blocks }) => blocks);
  if (shortened)
    body.push({
      type: 'TextBlock',
      text: 'Shortened: the rest is in AcrWardenIncidents\\_CL.',
      isSubtle: true,
      wrap: true,
    });
  const actions = links
    .filter(({ url }) => url.startsWith('https://'))
    .map(({ title, url }) => ({ type: 'Action.OpenUrl' as const, title: visible(title), url: new URL(url).href }))
    .filter(({ url }) => url.length <= MOST_OF_A_LINK);
  return envelope({ body, actions });
}

/** What the trigger "When a Teams webhook request is received" takes: facts §5.4. */
function envelope({ body, actions }: Pick<AdaptiveCard, 'body' | 'actions'>): TeamsMessage {
  const content: AdaptiveCard = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body,
    actions,
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}
