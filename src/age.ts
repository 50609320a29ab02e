import type { Instant } from './model/estate.ts';
import { minuteOf } from './model/instant.ts';

/** For the end of a reason: when a fact was read that is read once a day. */
export function ageNote(readAt: Instant): string {
  return ` (As read at ${minuteOf(readAt)}.)`;
}

/**
 * A text without what moves by itself from day to day: each {@link ageNote}, and the day until which a fix lets a new secret
 * live. That a fact was read again, or that it is another day, does not make it another text.
 */
export function withoutDays(text: string): string {
  return text.replaceAll(/ \(As read at [^)]*\)| --end-date \d{4}-\d\d-\d\d/g, '');
}
