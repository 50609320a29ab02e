import { hash } from 'node:crypto';
import type { Instant, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { Source } from '../model/source.ts';

/** What was read of a resource and when; keys are those of {@link seldomKey}. */
export type Remembered = Record<string, { readAt: Instant; value: unknown }>;

/** Reads what changes seldom once a day instead of once a sweep. */
export interface Seldom {
  /** what is remembered if it is fresh, else what `read` gives; a read with a gap is not remembered */
  read<T>(what: SeldomRead<T>, gaps: Gap[]): Promise<T>;
  /** for the next sweep: what was asked for in this one, and nothing of what is gone */
  toRemember(): Remembered;
  /** when the facts that were not read in this sweep were read, by key */
  ages(): Record<string, Instant>;
}

interface SeldomRead<T> {
  source: Source;
  registry: Registry;
  /** what is read, if it is not the registry's own: an endpoint, a zone */
  of?: string;
  /** whether what is remembered does not fit what is known by now */
  isStale?(value: T): boolean;
  read(gaps: Gap[]): Promise<T>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export interface SeldomOptions {
  /** what earlier sweeps have read */
  before: Remembered;
  /** of this sweep */
  now: Instant;
  /** keys of what pages somebody: read every time, so that a repair is seen by the next sweep */
  urgent: ReadonlySet<string>;
  /** registry id in lower case → when somebody last changed it, as Azure recorded: what was read before is stale */
  changedAt: ReadonlyMap<string, Instant>;
}

/** What a sweep may use of what earlier ones have read. */
export function seldom({ before, now, urgent, changedAt }: SeldomOptions): Seldom {
  const used: Remembered = {};
  const isFresh = (readAt: Instant, key: string, { source, registry }: SeldomRead<unknown>): boolean =>
    isSameDay(readAt, now, key) &&
    !urgent.has(seldomKey(source, registry.id)) &&
    (changedAt.get(registry.id.toLowerCase()) ?? '') < readAt;
  return {
    async read<T>(what: SeldomRead<T>, gaps: Gap[]): Promise<T> {
      const { source, registry, of = registry.id, isStale, read } = what;
      const key = seldomKey(source, of);
      const known = before[key] as { readAt: Instant; value: T } | undefined;
      if (known && isFresh(known.readAt, key, what) && !isStale?.(known.value)) {
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
    ages: () =>
      Object.fromEntries(
        Object.entries(used)
          .filter(([, { readAt }]) => readAt !== now)
          .map(([key, { readAt }]) => [key, readAt]),
      ),
  };
}

export function seldomKey(source: Source, resourceId: string): string {
  return `${source}|${resourceId}`.toLowerCase();
}

/**
 * Each resource has a day of its own, which begins at an hour that follows from its name: so what the first sweep read
 * all at once is read again spread over the sweeps of a day, and nothing is ever older than a day.
 */
function isSameDay(readAt: Instant, now: Instant, key: string): boolean {
  const begins = (Number.parseInt(hash('sha256', key).slice(0, 8), 16) / 2 ** 32) * DAY_MS;
  const day = (instant: Instant): number => Math.floor((Date.parse(instant) - begins) / DAY_MS);
  return day(readAt) === day(now);
}
