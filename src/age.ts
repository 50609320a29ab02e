import type { Instant } from './model/estate.ts';

/** For the end of a reason: when a fact was read that is read once a day. */
export function ageNote(readAt: Instant): string {
  return ` (As read at ${readAt.slice(0, 16).replace('T', ' ')} UTC.)`;
}

/** A reason as it was before {@link ageNote}: that a fact was read again does not make it another. */
export function withoutAge(reason: string): string {
  return reason.replace(/ \(As read at [^)]*\)$/, '');
}
