import type { Instant } from './estate.ts';

/** A moment as people read it, to the minute. */
export function minuteOf(instant: Instant): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}

/** The day of a moment, in UTC. */
export function dayOf(instant: Instant): string {
  return instant.slice(0, 10);
}
