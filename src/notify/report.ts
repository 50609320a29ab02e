import type { Incident, WorkspaceRow } from '../model/alert.ts';
import { inOneLine, queryOf, RUNBOOK, registriesOf, stateOf } from './card.ts';
import { ENDS, endOf } from './incident.ts';
import { minute, safe, textOf, visible } from './text.ts';

/** What a column holds less a margin for what JSON adds: facts §4, a field ends at 64 KB. */
const REPORT_BYTES = 60_000;

/** What the reasons and fixes of other findings may take of it, open ones and muted ones each. */
const DETAILS_BYTES = 15_000;

/** How many reasons why something could not be read have their room before those. */
const UNREAD_FIRST = 20;

/** An incident as Markdown: everything that the card says, and what it leaves out. */
export function markdownOf(incident: Incident): string {
  const { unread = [] } = incident;
  const bare = written({ ...incident, unread: unread.slice(0, UNREAD_FIRST) }, 0);
  const room = Math.max(0, REPORT_BYTES - Buffer.byteLength(bare));
  return cut(written(incident, Math.min(DETAILS_BYTES, room / 2)));
}

/** `room`: bytes for the details of open findings, and as many for those of muted ones. */
function written(incident: Incident, room: number): string {
  const { call, title, summary, finding, registryName, related, unlisted, fix, links } = incident;
  const { muted = [], unlistedMuted, unread = [] } = incident;
  const lines = [
    `# ${ENDS[endOf(incident)]}${safe(title)}`,
    '',
    safe(summary),
    '',
    `- Alert: ${safe(call.rule)}, ${safe(call.severity)}, ${call.condition.toLowerCase()} ${minute(call.at)}`,
  ];
  const concerned = registryName || textOf(finding, 'RegistryName');
  if (concerned) lines.push(`- Registry: ${safe(concerned)}`);
  for (const [name, column] of [
    ['Subscription', 'SubscriptionName'],
    ['Which', 'Subject'],
    ['Owners', 'Owners'],
    ['Changed by', 'ChangedBy'],
    ['Check', 'CheckId'],
  ] as const) {
    const value = textOf(finding, column);
    if (value) lines.push(`- ${name}: ${safe(value)}`);
  }
  const state = stateOf(finding);
  if (state) lines.push(`- State: ${safe(state)}`);
  for (const [name, column] of [
    ['Expires', 'ExpiresOn'],
    ['First seen', 'FirstSeen'],
    ['Last changed', 'LastChanged'],
  ] as const) {
    const value = minute(finding?.[column]);
    if (value) lines.push(`- ${name}: ${value}`);
  }
  if (fix) lines.push('', '## To mend it', '', `    ${visible(fix)}`);
  const opened = registriesOf(finding);
  if (opened.length > 0) lines.push('', '## Registries it opens', '', ...opened.map((name) => `- ${safe(name)}`));
  if (finding?.Evidence) lines.push('', '## Evidence', '', `    ${visible(JSON.stringify(finding.Evidence))}`);
  const query = queryOf(finding);
  if (query) lines.push('', '## Its rows in Log Analytics', '', `    ${visible(query)}`);
  if (related.length > 0) lines.push('', '## Also open there', '', detailed(related, room, inOneLine));
  if (unlisted) lines.push('', `And ${unlisted} more.`);
  if (muted.length > 0) {
    const list = detailed(muted, room, (row) => `${inOneLine(row)}, ${silenceOf(row)}`);
    lines.push('', '## Muted, which does not mean mended', '', list);
  }
  if (unlistedMuted) lines.push('', `And ${unlistedMuted} more.`);
  lines.push('', `Explained in ${[textOf(finding, 'Docs'), RUNBOOK].filter(Boolean).join(' and ')}.`);
  lines.push('', ...links.map(({ title: name, url }) => `[${safe(name)}](<${url}>)`));
  // There may be hundreds, which must not take the place of what is open.
  if (unread.length > 0) lines.push('', '## Could not be read', '', ...unread.map((reason) => `- ${safe(reason)}`));
  return `${lines.join('\n')}\n`;
}

/** A list of findings, each with its reason, id and fix where there is room for them: a fix is never cut. */
function detailed(rows: WorkspaceRow[], bytes: number, headOf: (row: WorkspaceRow) => string): string {
  let room = bytes;
  const items = rows.map((row) => {
    const reason = `\n\n  ${safe(row.Reason)} FindingId ${safe(row.FindingId)}.`;
    const details = row.Fix ? `${reason}\n\n      ${visible(row.Fix)}` : reason;
    const size = Buffer.byteLength(details);
    if (size > room) return `- ${headOf(row)}`;
    room -= size;
    return `- ${headOf(row)}${details}`;
  });
  return items.join('\n\n');
}

/** Who silenced a finding, for how long, and why. */
function silenceOf(row: WorkspaceRow): string {
  return `muted by ${safe(textOf(row, 'MuteOwner'))} until ${minute(row.MutedUntil)}: ${safe(textOf(row, 'MuteReason'))}`;
}

function cut(text: string): string {
  if (Buffer.byteLength(text) <= REPORT_BYTES) return text;
  const head = Buffer.from(text)
    .subarray(0, REPORT_BYTES - 40)
    .toString('utf8');
  return `${head.replace(/\uFFFD+$/, '')}\n\n… cut, ${Buffer.byteLength(text)} bytes in all\n`;
}
