import { type Drift, severityOfNetworks } from './drift.ts';
import type { PostureChange } from './model/change.ts';
import { minuteOf } from './model/instant.ts';
import type { RegistryMemory } from './model/memory.ts';
import { severityRank } from './model/severity.ts';
import { openedBeyond, openersOf, openingsOf, opensInParts } from './opened.ts';

/** As many as anybody reads; the changes have rows of their own. */
const NAMED_AT_MOST = 5;

/** Who is behind a difference, or a part of it, as far as anybody is known. */
export interface Behind {
  field: Drift['field'];
  rank: number;
  change?: Pick<PostureChange, 'changedBy' | 'client' | 'changedAt' | 'between'>;
}

/** All that are behind the differences of a registry, the worst first; among equals those that are known, newest first. */
export function allBehind(drifts: Drift[], memory: RegistryMemory | undefined): Behind[] {
  const timeOf = ({ change }: Behind): string => change?.changedAt ?? '';
  return drifts
    .flatMap((drift) => behindOne(drift, memory))
    .sort((a, b) => b.rank - a.rank || (timeOf(a) < timeOf(b) ? 1 : -1));
}

/** Whoever opened what should be shut; where nothing is open, whoever changed the field last. */
function behindOne({ field, severity, expected, live }: Drift, memory: RegistryMemory | undefined): Behind[] {
  const rank = severityRank(severity);
  const opened = opensInParts(field) ? openedBeyond(field, expected, live) : [];
  if (opened.length === 0 || !opensInParts(field)) {
    const change = memory?.lastChanges[field];
    return [{ field, rank, ...(change && { change }) }];
  }
  const openers = memory ? openersOf(openingsOf(memory), field, opened) : [];
  if (openers.length === 0) return [{ field, rank }];
  return openers.map((change) => ({
    field,
    rank: field === 'ipRules' ? severityRank(severityOfNetworks(change.opened)) : rank,
    change,
  }));
}

/** Who they are and when, in words. `unread`: what Azure recorded could not be read. */
export function whoOf(behind: Behind[], unread: boolean): string {
  const known = behind.filter(({ change }) => change?.changedAt);
  const unknown = behind.filter(({ change }) => !change?.changedAt);
  if (known.length === 0) return nobodyKnown(behind[0]?.change?.between, unread);
  const parts = Map.groupBy(known, ({ change }) => byOf(change));
  // Whoever is behind all of it needs no list.
  const isOne = (parts.size === 1 && unknown.length === 0) || new Set(behind.map(({ field }) => field)).size === 1;
  const named = [...parts].map(([by, all]) => (isOne ? by : `${by} (${fieldsOf(all)})`));
  const more = named.length > NAMED_AT_MOST ? ` and ${named.length - NAMED_AT_MOST} more` : '';
  const isPart = ({ field }: Behind): boolean => known.some((one) => one.field === field);
  const parted = Map.groupBy(unknown, isPart);
  const rest = [unknownTo('who else', parted.get(true)), unknownTo('who', parted.get(false))].join('');
  return `Changed ${named.slice(0, NAMED_AT_MOST).join(', ')}${more}${rest}`;
}

function unknownTo(who: string, behind: Behind[] = []): string {
  return behind.length > 0 ? `; ${who} changed ${fieldsOf(behind)} is unknown` : '';
}

function nobodyKnown(between: PostureChange['between'], unread: boolean): string {
  const when = between ? ` between ${minuteOf(between.from)} and ${minuteOf(between.to)}` : '';
  const unrecorded = between ? 'not recorded' : 'older than what Azure keeps, or not recorded';
  return `Who changed it${when} is unknown: ${unread ? 'what Azure recorded could not be read' : unrecorded}`;
}

function byOf({ changedBy = 'unknown', client, changedAt = '' }: Partial<NonNullable<Behind['change']>> = {}): string {
  return `by ${changedBy} at ${minuteOf(changedAt)}${client ? ` with ${client}` : ''}`;
}

function fieldsOf(behind: Behind[]): string {
  return [...new Set(behind.map(({ field }) => field))].join(', ');
}
