import { PassThrough } from 'node:stream';
import { styleText } from 'node:util';
import { table } from 'table';
import { messages } from '../../causes.ts';
import { lastSegment } from '../../model/armId.ts';
import type { ComparedFinding, Mute, Status } from '../../model/finding.ts';
import { minuteOf } from '../../model/instant.ts';
import { SEVERITIES, type Severity } from '../../model/severity.ts';
import type { Untaken } from '../../state/spool.ts';
import type { Undelivered, WholeSweep } from '../sweepAll.ts';
import { gapsOf, inReadingOrder, withinReach } from './document.ts';

type Style = Parameters<typeof styleText>[0];
const SEVERITY_STYLES: Record<Severity, Style> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'gray',
};
const STATUS_STYLES: Record<Status, Style> = {
  new: 'bold',
  changed: 'magenta',
  ongoing: 'gray',
  resolved: 'green',
  unverified: 'yellow',
};

export interface Screen {
  stream: NodeJS.WritableStream;
  columns: number;
}

/** In fewer columns than this, what is wrong stands below where it is. */
const NARROW = 100;

/** In fewer there is no room left beside how bad it is: the window breaks the lines. */
const FEWEST_COLUMNS = 40;

/** Lines of a width that most windows show. */
const USUAL_COLUMNS = 120;

/** For what is written to a file or a pipe, wherever the program itself runs. */
export const NO_SCREEN: Screen = { stream: new PassThrough(), columns: USUAL_COLUMNS };

/** The screen of a stream. */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  // Some terminals say 0 for what they do not know.
  return stream.isTTY ? { stream, columns: Math.max(FEWEST_COLUMNS, stream.columns || USUAL_COLUMNS) } : NO_SCREEN;
}

/** The findings of a sweep as a table, worst first; an empty list says so, of what could be read if not `isWhole`. */
export function findingsTable(findings: ComparedFinding[], { stream, columns }: Screen, isWhole = true): string {
  if (findings.length === 0) {
    const text = `Nothing found${withinReach(isWhole)}.`;
    return `${isWhole ? styleText('green', text, { stream }) : text}\n`;
  }
  // What an exception covers is shown last, and not in the colours of an alarm.
  const ordered = [
    ...inReadingOrder(findings.filter(({ muted }) => !muted)),
    ...inReadingOrder(findings.filter(({ muted }) => muted)),
  ];
  const narrow = columns < NARROW;
  const rows = ordered.map((finding) => {
    const where = `${plain(whereOf(finding))}\n${finding.checkId}`;
    const whose = narrow || finding.owners.length === 0 ? '' : ` Owned by ${finding.owners.join(', ')}.`;
    const why = plain(`${finding.reason}${finding.muted ? ` (${mutedBecause(finding.muted)})` : whose}`);
    return [
      styleText(finding.muted ? 'gray' : SEVERITY_STYLES[finding.severity], finding.severity, { stream }),
      finding.muted
        ? styleText('gray', 'muted', { stream })
        : styleText(STATUS_STYLES[finding.status], statusOf(finding), { stream }),
      ...(narrow ? [`${where}\n${why}`] : [where, why]),
    ];
  });
  const head = ['SEVERITY', 'STATUS', ...(narrow ? ['WHERE, WHICH CHECK AND WHY'] : ['WHERE AND WHICH CHECK', 'WHY'])];
  const widths = narrow ? [8, 12] : [8, 12, 32];
  // A blank on each side of each column.
  const rest = columns - widths.reduce((sum, width) => sum + width + 2, 2);
  const text = table([head, ...rows], {
    columns: [...widths.map((width) => ({ width })), { width: rest, wrapWord: true }],
    drawVerticalLine: () => false,
    drawHorizontalLine: (line) => line === 1,
  });
  // In a file or a paste the padding of the last column is noise.
  return text.replace(/ +$/gm, '');
}

/** Whether it is there, and why not any more. */
function statusOf({ status, statusReason }: ComparedFinding): string {
  return status === 'resolved' && statusReason ? `${status}\n${statusReason}` : status;
}

function mutedBecause({ owner, reason, until }: Mute): string {
  return `accepted by ${owner} until ${minuteOf(until)}: ${reason}`;
}

type Placed = Pick<ComparedFinding, 'registryName' | 'subscriptionName' | 'resourceId' | 'evidence'>;

/** The registry, or how many; for what is in none, its subscription or its own name. */
export function whereOf({ registryName, subscriptionName, resourceId, evidence: { registries } }: Placed): string {
  if (registryName) return registryName;
  if (Array.isArray(registries) && registries.length > 0) return `${registries.length} registries`;
  return subscriptionName || lastSegment(resourceId) || 'everywhere';
}

/** The last lines of a sweep: what was looked at, what was found, what could not be read, what could not be sent. */
export function summary({ plan, closed, shards, failed, undelivered }: WholeSweep, { stream }: Screen): string {
  const findings = shards.flatMap((shard) => shard.findings);
  const unresolved = findings.filter(({ status }) => status !== 'resolved');
  const open = unresolved.filter(({ muted }) => !muted);
  const muted = unresolved.length - open.length;
  const counts = SEVERITIES.map(
    (severity) => [severity, open.filter((one) => one.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => styleText(SEVERITY_STYLES[severity], `${count} ${severity}`, { stream }));
  const { RegistriesSeen: registries, Requests: requests, RowsDropped: dropped } = closed.row;
  const gaps = gapsOf(shards);
  const where = withinReach(failed.length === 0 && gaps.length === 0);
  const lines = [
    `Swept ${counted(plan.subscriptions.length, 'subscription')}, ${counted(Number(registries), 'registry', 'registries')} with ${counted(Number(requests), 'request')}, as of ${plan.sweptAt}.`,
    open.length === 0 ? `No open finding${where}.` : `${counted(open.length, 'open finding')}: ${counts.join(', ')}.`,
    ...(muted > 0 ? [`Muted by exceptions of the policy: ${muted} more.`] : []),
  ];
  if (gaps.length > 0) {
    lines.push(
      styleText('yellow', `${counted(gaps.length, 'read')} failed: what lies behind is unknown, not clean.`, {
        stream,
      }),
    );
    for (const gap of gaps) lines.push(`  ${plain(gap.reason)}${gap.permission ? ` → needs ${gap.permission}` : ''}`);
  }
  for (const { shard, error } of failed)
    lines.push(styleText('red', `Shard ${shard} failed: ${messages(error)}`, { stream }));
  const unsent = undelivered ? undeliveredLines(undelivered) : [];
  if (Number(dropped) > 0)
    unsent.push(`${counted(Number(dropped), 'row')} waited for too long or were too many: they are lost.`);
  for (const line of unsent) lines.push(styleText('red', line, { stream }));
  return `${lines.join('\n')}\n`;
}

/** What the workspace did not take, what becomes of it, and why. */
function undeliveredLines({ waiting, refused, keptIn }: Undelivered): string[] {
  const told = ({ rows, reasons }: Untaken, fate: string): string =>
    `Log Analytics did not take ${counted(rows, 'row')}: ${fate} (${reasons.map(plain).join('; ')}).`;
  const lost = 'without --state they are lost';
  const lines: string[] = [];
  if (waiting.rows > 0) {
    lines.push(told(waiting, keptIn ? `they wait in ${keptIn} for the next delivery` : lost));
  }
  if (refused.rows > 0) lines.push(told(refused, keptIn ? `they are put away under refused/ in ${keptIn}` : lost));
  return lines;
}

/** A number with its noun. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * Names come from Azure: control characters would move the cursor, and the table library refuses them; a line break would
 * let a name pass for a line of ours.
 */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}
