import { unreadableScope } from './checks/unreadable-scope.ts';
import type { NotReached } from './collect/waiting.ts';
import { NOT_REACHED } from './deadline.ts';
import type { Finding } from './model/finding.ts';
import { coverOf, type Gap, scopeCovers } from './model/gap.ts';
import { isSource, type Source } from './model/source.ts';
import type { ShardName } from './model/sweep.ts';
import { type Part, partOf } from './shard.ts';

/**
 * The gaps of a shard as they are to be told: what its time was too short for as one gap of each source, and nothing that
 * another part of its subscription tells under the same name.
 */
export function toldOnce(shard: ShardName, gaps: Gap[]): Gap[] {
  const part = partOf(shard);
  const place = part ? `/subscriptions/${part.subscriptionId}` : '/';
  const late = Map.groupBy(gaps.filter(isLate), ({ source }) => source);
  const all = [...gaps.filter((gap) => !isLate(gap)), ...[...late].map(([source, own]) => merged(source, own, place))];
  return part && part.parts > 1 ? all.map((gap) => inPart(gap, part, place)) : all;
}

/**
 * What there was no time for, for the next sweep. What was missed `earlier` too keeps its place before the others, and so does
 * what nobody came to because a list broke. `seen`: ids of the registries that were listed all the same.
 */
export function notReachedOf(gaps: Gap[], seen: string[], earlier: NotReached = {}): { notReached?: NotReached } {
  const late = Map.groupBy(gaps.filter(isLate), ({ source }) => source);
  const covers = coverOf(gaps.filter(({ source }) => source === 'registries'));
  const listed = new Set(seen.map((id) => id.toLowerCase()));
  const isUnlisted = (id: string): boolean => !listed.has(id.toLowerCase()) && covers(id.slice(0, id.lastIndexOf('/')));
  const notReached: NotReached = {};
  for (const source of new Set([...Object.keys(earlier).filter(isSource), ...late.keys()])) {
    const missed = (late.get(source) ?? []).flatMap(({ scope, blinds = [] }) => [scope, ...blinds]);
    const now = new Set(missed.map((id) => id.toLowerCase()));
    const waiting = (earlier[source] ?? []).filter((id) => now.has(id.toLowerCase()) || isUnlisted(id));
    const before = new Set(waiting.map((id) => id.toLowerCase()));
    const all = [...waiting, ...missed.filter((id) => !before.has(id.toLowerCase()))];
    if (all.length > 0) notReached[source] = all;
  }
  return Object.keys(notReached).length > 0 ? { notReached } : {};
}

function isLate({ code }: Gap): boolean {
  return code === NOT_REACHED;
}

/** Thousands of registries that were not reached are one thing to know. */
function merged(source: Source, gaps: Gap[], place: string): Gap {
  const [first, ...others] = [...new Set(gaps.flatMap(({ scope, blinds = [] }) => [scope, ...blinds]))];
  const [gap] = gaps;
  if (!gap || !first) throw new Error(`there is no gap of ${source} to be told`);
  const reason = others.length > 0 ? `${gap.reason}, and as little of ${others.length} more` : gap.reason;
  return { ...gap, scope: first, reason, blinds: others, toldAt: { resourceId: place, subject: source } };
}

/** All parts read what is the subscription's own, and the first tells of it; a zone behind registries of several parts is told by each. */
function inPart(gap: Gap, { part, parts }: Part, place: string): Gap {
  if (gap.code !== NOT_REACHED && scopeCovers(gap.scope, place))
    return part === 1 ? gap : { ...gap, toldElsewhere: true };
  const { resourceId, subject } = gap.toldAt ?? { resourceId: gap.scope, subject: gap.source };
  if (!gap.toldAt && !gap.blinds) return gap;
  return { ...gap, toldAt: { resourceId, subject: `${subject}, ${nameOf({ part, parts })}` } };
}

/**
 * Whether a finding of a gap bears a name that the shard gives to none, from when its subscription was cut otherwise: if
 * the gap is still there, it is told under another name, maybe by another part.
 */
export function isOfOtherCut(shard: ShardName, { checkId, resourceId, subject, evidence }: Finding): boolean {
  const part = partOf(shard);
  if (!part || checkId !== unreadableScope.id) return false;
  const [, name] = /, (part \d+ of \d+)$/.exec(subject) ?? [];
  if (name) return name !== nameOf(part);
  const hasOnePart =
    /\/registries\/[^/]+/i.test(resourceId) || scopeCovers(resourceId, `/subscriptions/${part.subscriptionId}`);
  return part.parts > 1 && (!hasOnePart || evidence.code === NOT_REACHED);
}

function nameOf({ part, parts }: Pick<Part, 'part' | 'parts'>): string {
  return `part ${part} of ${parts}`;
}
