import type { Instant } from './model/estate.ts';
import { minuteOf } from './model/instant.ts';

/** For the end of a reason: when a fact was read that is read once a day. */
export function ageNote(readAt: Instant): string {
  return ` (As read at ${minuteOf(readAt)}.)`;
}

/** A text as it was before each {@link ageNote} in it: that a fact was read again does not make it another. */
export function withoutAges(text: string): string {
  return text.replaceAll(/ \(As read at [^)]*\)/g, '');
}
