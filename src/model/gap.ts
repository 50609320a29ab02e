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
  /** ids of what lies elsewhere and cannot be judged without it: the registries behind an endpoint or a DNS zone */
  blinds?: string[];
}

/** Whether a gap leaves something unknown about a place. */
export function gapCovers({ scope, blinds = [] }: Gap, place: string): boolean {
  return scopeCovers(scope, place) || blinds.some((id) => scopeCovers(id, place));
}

/** Whether a source could not be read at a place, so that an empty list there means nothing. */
export function isUnread(gaps: Gap[], source: Source, place: string): boolean {
  return gaps.some((gap) => gap.source === source && gapCovers(gap, place));
}

/** Whether one Azure scope contains another: segment prefixes, case-insensitive (`/…/rg-a` does not contain `/…/rg-ab`). */
export function scopeCovers(scope: string, resourceId: string): boolean {
  const outer = scope.toLowerCase().replace(/\/+$/, '');
  const inner = resourceId.toLowerCase().replace(/\/+$/, '');
  return inner === outer || inner.startsWith(`${outer}/`);
}
