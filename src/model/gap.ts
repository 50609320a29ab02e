import type { Source } from './source.ts';

/** One failed read: what is not known, and which permission would make it known. Never an empty list. */
export interface Gap {
  source: Source;
  /** what could not be read: an ARM id, `/` for everything, `/directory` or an object in it */
  scope: string;
  /** one sentence for people; may hold changing text, so it is no evidence */
  reason: string;
  /** why, in a word that stays the same from sweep to sweep: `AuthorizationFailed`, `throttled`, `timeout`, … */
  code: string;
  /** the missing permission, only when that is what failed */
  permission?: string;
  /** the object id of the identity that was refused, as the answer names it */
  principalId?: string;
  /** another shard reads the same, and makes the finding of it */
  toldElsewhere?: true;
  /** where the finding of it belongs, and under which name, if that is not its scope and its source */
  toldAt?: { resourceId: string; subject: string };
  /** ids of what lies elsewhere and cannot be judged without it: the registries behind an endpoint, and both behind a DNS zone */
  blinds?: string[];
}

/** Where a right is to be given that is missing for everything, in a command for people. */
export const EACH_SUBSCRIPTION = '/subscriptions/<id of each subscription to audit>';

/** Whether a gap leaves something unknown about a place. */
export function gapCovers({ scope, blinds = [] }: Gap, place: string): boolean {
  return scopeCovers(scope, place) || blinds.some((id) => scopeCovers(id, place));
}

/** Answers for any number of places at once what {@link gapCovers} answers gap by gap, which takes minutes with thousands. */
export function coverOf(gaps: Gap[]): (place: string) => boolean {
  const scopes = new Set(gaps.flatMap(({ scope, blinds = [] }) => [scope, ...blinds].map(plain)));
  return (place) => {
    const path = plain(place);
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (scopes.has(path.slice(0, end))) return true;
    }
    // The scope `/` is everything.
    return scopes.has('');
  };
}

/** Whether some registries below a scope may be there unseen. */
export function mayHideRegistries(scope: string, gaps: Gap[]): boolean {
  return gaps.some((gap) => gap.source === 'registries' && (scopeCovers(scope, gap.scope) || gapCovers(gap, scope)));
}

/** Whether a source is unknown at a place. */
export type IsUnread = (source: Source, place: string) => boolean;

/** {@link coverOf}, source by source. */
export function indexOf(gaps: Gap[]): IsUnread {
  const covers = new Map(
    [...Map.groupBy(gaps, ({ source }) => source)].map(([source, own]) => [source, coverOf(own)] as const),
  );
  return (source, place) => covers.get(source)?.(place) ?? false;
}

/** Whether one Azure scope contains another: segment prefixes, case-insensitive (`/…/rg-a` does not contain `/…/rg-ab`). */
export function scopeCovers(scope: string, resourceId: string): boolean {
  const outer = plain(scope);
  const inner = plain(resourceId);
  return inner === outer || inner.startsWith(`${outer}/`);
}

function plain(scope: string): string {
  return scope.toLowerCase().replace(/\/+$/, '');
}
