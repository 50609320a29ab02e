import { html as escaped, raw } from 'hono/html';
import { lastSegment } from '../../model/armId.ts';
import { registriesIn } from '../../model/finding.ts';
import { minuteOf } from '../../model/instant.ts';
import { SEVERITIES } from '../../model/severity.ts';
import type { Row } from '../../publish/rows.ts';
import { type SweepDocument, withinReach } from './document.ts';
import { STYLE } from './style.ts';
import { counted, plain, whereOf } from './terminal.ts';

/** What is put into the page is text of one line: no markup, and nothing that cannot be seen. */
function html(parts: TemplateStringsArray, ...values: unknown[]) {
  return escaped(parts, ...values.map((value) => (typeof value === 'string' ? plain(value) : value)));
}

/** A sweep as one self-contained page: no script, no address outside, everything that comes from Azure escaped. */
export function htmlReport({ sweep, findings, credentials, registries, gaps }: SweepDocument): string {
  const unresolved = findings.filter(({ status }) => status !== 'resolved');
  const open = unresolved.filter(({ muted }) => muted !== true);
  const accepted = unresolved.filter(({ muted }) => muted === true);
  const resolved = findings.filter(({ status }) => status === 'resolved');
  const within = withinReach(gaps.length === 0);
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>acr-warden: ${sweep.environment}, ${day(sweep.sweptAt)}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<h1>Container registry audit</h1>
<p>${sweep.environment}, as of ${day(sweep.sweptAt)}. ${counted(Number(sweep.registriesSeen), 'registry', 'registries')},
${counted(open.length, 'open finding')}, ${resolved.length} resolved since the last sweep.</p>
<ul class="counts">${SEVERITIES.map((severity) => count(severity, open))}</ul>
</header>
<main>
${gapSection(gaps)}
<section><h2>Open findings</h2>${open.length === 0 ? html`<p>Nothing found${within}.</p>` : findingTable('Open findings', open)}</section>
${accepted.length === 0 ? '' : html`<section><h2>Accepted for a while</h2>${findingTable('Accepted for a while', accepted)}</section>`}
${resolved.length === 0 ? '' : html`<section><h2>Resolved since the last sweep</h2>${findingTable('Resolved since the last sweep', resolved)}</section>`}
<section><h2>Credentials</h2>${credentials.length === 0 ? html`<p>None${within}.</p>` : credentialTable(credentials)}</section>
<section><h2>Registries</h2>${registries.length === 0 ? html`<p>None${within}.</p>` : registryTable(registries)}</section>
</main>
</body>
</html>
`);
}

function count(severity: string, open: Row[]) {
  const number = open.filter((finding) => finding.severity === severity).length;
  return html`<li class="${severity}"><b>${number}</b> ${severity}</li>`;
}

function gapSection(gaps: unknown[]) {
  if (gaps.length === 0) return html`<p class="clear">Everything could be read.</p>`;
  return html`<section class="gaps"><h2>Could not be read</h2>
<p>What lies behind these is unknown, not clean.</p>
<ul>${gaps.map((gap) => html`<li>${sentence(textOf(gap, 'reason'))}${needs(textOf(gap, 'permission'))}</li>`)}</ul></section>`;
}

/** Reasons of gaps begin and end as parts of a message. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function needs(permission: string) {
  return permission ? html` Needs <code>${permission}</code>.` : '';
}

function findingTable(label: string, findings: Row[]) {
  return html`<div class="table" role="region" aria-label="${label}" tabindex="0"><table><thead><tr><th>Severity</th><th>Status</th><th>Where</th><th>What is wrong, and what mends it</th></tr></thead>
<tbody>${findings.map(
    (finding) => html`<tr><td><span class="badge ${finding.severity}">${finding.severity}</span></td>
<td class="status">${finding.status}${finding.statusReason ? `: ${finding.statusReason}` : ''}</td>
<td><b>${where(finding)}</b><br><small>${finding.subject}</small>${opened(finding)}</td>
<td><b>${finding.findingTitle}</b><br>${finding.reason}<br><code>${finding.fix}</code><br>
<small>${finding.checkId} · first seen ${day(finding.firstSeen)}${finding.owners ? ` · owned by ${finding.owners}` : ''}${mute(finding)}</small></td></tr>`,
  )}</tbody></table></div>`;
}

function where({ registryName, subscriptionName, resourceId, evidence }: Row): string {
  const [registry, subscription, resource] = [registryName, subscriptionName, resourceId].map(String);
  return whereOf({
    registryName: registry ?? '',
    subscriptionName: subscription ?? '',
    resourceId: resource ?? '',
    evidence: { registries: registriesIn(evidence) },
  });
}

/** The names of several registries that a finding is about. */
function opened({ evidence }: Row) {
  const names = registriesIn(evidence).map(lastSegment);
  return names.length < 2 ? '' : html`<br><small>${names.join(', ')}</small>`;
}

function mute({ muted, muteOwner, muteReason, mutedUntil }: Row) {
  return muted === true ? ` · accepted by ${muteOwner} until ${day(mutedUntil)}: ${muteReason}` : '';
}

function credentialTable(credentials: Row[]) {
  return html`<div class="table" role="region" aria-label="Credentials" tabindex="0"><table><thead><tr><th>Credential</th><th>State</th><th>Ends</th><th>May</th><th>Registries</th></tr></thead>
<tbody>${credentials.map(
    (
      one,
    ) => html`<tr><td>${one.credentialName}</td><td>${one.state}</td><td>${one.expiresOn ? day(one.expiresOn) : 'never'}</td>
<td>${one.grants}</td><td>${one.registryName || one.registryCount}</td></tr>`,
  )}</tbody></table></div>`;
}

function registryTable(registries: Row[]) {
  return html`<div class="table" role="region" aria-label="Registries" tabindex="0"><table><thead><tr><th>Registry</th><th>Subscription</th><th>Tier</th><th>Network</th><th>Admin account</th><th>Open findings</th></tr></thead>
<tbody>${registries.map(
    (
      one,
    ) => html`<tr><td>${one.registryName}</td><td>${one.subscriptionName}</td><td>${one.sku}</td><td>${one.exposure}</td>
<td>${one.adminUserEnabled ? 'on' : 'off'}</td><td>${one.openFindings}${one.worstSeverity ? ` (${one.worstSeverity})` : ''}</td></tr>`,
  )}</tbody></table></div>`;
}

function textOf(value: unknown, field: string): string {
  if (typeof value !== 'object' || value === null) return '';
  return String(Object.entries(value).find(([name]) => name === field)?.[1] ?? '');
}

/** To the minute, in UTC. */
function day(instant: unknown): string {
  return minuteOf(String(instant));
}
