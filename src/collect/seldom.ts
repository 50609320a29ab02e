import { createHash } from 'node:crypto';
import type { Instant } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { Source } from '../model/source.ts';

/** What was read of a resource and when; keys are `source|resource id`, lower-cased. */
export type Remembered = Record<string, { readAt: Instant; value: unknown }>;

/** Reads what changes seldom once a day instead of once a sweep. */
export interface Seldom {
  /** what is remembered if it is fresh, else what `read` gives; a read with a gap is not remembered */
  read<T>(what: SeldomRead<T>, gaps: Gap[]): Promise<T>;
  /** for the next sweep: what was asked for in this one, and nothing of what is gone */
  toRemember(): Remembered;
}

export interface SeldomRead<T> {
  source: Source;
  resourceId: string;
  /** when the resource itself was last changed, if Azure says so: what was read before that is stale */
  changedAt?: Instant;
  read(gaps: Gap[]): Promise<T>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the sweep at `now` may use of what earlier ones have read. */
export function seldom(before: Remembered, now: Instant): Seldom {
  const used: Remembered = {};
  return {
    async read<T>({ source, resourceId, changedAt, read }: SeldomRead<T>, gaps: Gap[]): Promise<T> {
      const key = `${source}|${resourceId}`.toLowerCase();
      const known = before[key] as { readAt: Instant; value: T } | undefined;
      if (known && isFresh(known.readAt, key, now) && !(changedAt && changedAt > known.readAt)) {
        used[key] = known;
        return known.value;
      }
      const own: Gap[] = [];
      const value = await read(own);
      gaps.push(...own);
      if (own.length === 0) used[key] = { readAt: now, value };
      return value;
    },
    toRemember: () => used,
  };
}

/**
 * For a day at the most, for half a day at the least: each resource has its own age, so that what the first sweep read
 * all at once is read again spread over the sweeps of half a day.
 */
function isFresh(readAt: Instant, key: string, now: Instant): boolean {
  const part = createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32;
  return Date.parse(now) - Date.parse(readAt) < DAY_MS * (0.5 + part / 2);
}
