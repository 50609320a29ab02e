import { hash } from 'node:crypto';
import { withoutDays } from './age.ts';
import type { Instant } from './model/estate.ts';
import { periodOf } from './stableId.ts';
import type { Published, Said } from './state/published.ts';

/**
 * As long as nothing is new about a thing, its row is written again after so long. Alerts look back two days: a
 * finding outlives the loss of two rows in a row; where three are lost, the fourth comes when the first counts no more.
 */
export const RESTATE_MS = 12 * 60 * 60 * 1000;

/** Decides which things of a sweep get a row. */
export interface Saying {
  /**
   * Whether a thing's row has to be written: because it says something new, or for it was last written long ago. `key`:
   * 16 hex digits; `content`: all that the row says; the age of what was read says nothing new.
   */
  isDue(key: string, content: unknown): boolean;
  /** for the next sweep */
  said: Said;
}

/** What is due in a sweep at `sweptAt` after all that has been said `earlier`; undefined: nobody knows what that was. */
export function sayingAfter(earlier: Published | undefined, sweptAt: Instant): Saying {
  const said: Said = {};
  const saidBefore = new Map(earlier?.said);
  const [before, now] = [Date.parse(earlier?.report.sweptAt ?? sweptAt), Date.parse(sweptAt)];
  const isTime = (key: string): boolean => periodOf(before, key, RESTATE_MS) !== periodOf(now, key, RESTATE_MS);
  return {
    said,
    isDue(key, content) {
      const short = hash('sha1', withoutDays(JSON.stringify(content))).slice(0, 12);
      said[key] = short;
      return saidBefore.get(key) !== short || isTime(key);
    },
  };
}
