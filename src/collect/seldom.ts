import type { Instant, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { Source } from '../model/source.ts';
import { idOf, periodOf } from '../stableId.ts';

/** What was read of a resource and when; keys are those of {@link seldomKey}. */
export type Remembered = Record<string, { readAt: Instant; value: unknown }>;

/** Reads what changes seldom once a day instead of once a sweep. */
export interface Seldom {
  /** what is remembered if it is fresh, else what `read` gives; a read with a gap is not remembered */
  read<T>(what: SeldomRead<T>, gaps: Gap[]): Promise<T>;
  /** for what is read many at a time: what is remembered if it is fresh, else undefined */
  known<T>(what: SeldomFact<T>): { value: T } | undefined;
  /** remembers what was read now, without a gap */
  keep<T>(what: SeldomFact<T>, value: T): void;
  /**
   * For the next sweep: what was asked for in this one, and nothing of what is gone. `urgent`: keys of what pages
   * somebody, which is to be read again, so that a repair is seen by the next sweep.
   */
  toRemember(urgent: ReadonlySet<string>): Remembered;
  /** when the facts that were not read in this sweep were read, by key */
  ages(): Record<string, Instant>;
}

interface SeldomFact<T> {
  source: Source;
  /** id of what is read: an endpoint, a zone, a principal; that of the registry if it is the registry's own */
  of?: string;
  /** whose findings and changes make it urgent */
  registry: Pick<Registry, 'id'>;
  /** whether what is remembered does not fit what is known by now */
  isStale?(value: T): boolean;
}

interface SeldomRead<T> extends SeldomFact<T> {
  read(gaps: Gap[]): Promise<T>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export interface SeldomOptions {
  /** what earlier sweeps have read */
  before: Remembered;
  /** of this sweep */
  now: Instant;
  /** registry id in lower case → when somebody last changed it, as Azure recorded: what was read before is stale */
  changedAt: ReadonlyMap<string, Instant>;
}

/** What a sweep may use of what earlier ones have read. */
export function seldom({ before, now, changedAt }: SeldomOptions): Seldom {
  const used: Remembered = {};
  /** of what is no registry's own: the keys of those whose findings make it urgent */
  const sharedBy = new Map<string, Set<string>>();
  const keyOf = ({ source, registry, of = registry.id }: SeldomFact<never>): string => seldomKey(source, of);
  const isFresh = (readAt: Instant, key: string, { registry }: SeldomFact<never>): boolean =>
    isSameDay(readAt, now, key) && (changedAt.get(registry.id.toLowerCase()) ?? '') < readAt;
  const use = ({ source, registry, of }: SeldomFact<never>, key: string, one: Remembered[string]): void => {
    used[key] = one;
    if (of === undefined) return;
    const keys = sharedBy.get(key) ?? new Set();
    sharedBy.set(key, keys.add(seldomKey(source, registry.id)));
  };
  const known = <T>(what: SeldomFact<T>): { value: T } | undefined => {
    const key = keyOf(what);
    const one = before[key] as { readAt: Instant; value: T } | undefined;
    if (!one || !isFresh(one.readAt, key, what) || what.isStale?.(one.value)) return undefined;
    use(what, key, one);
    return one;
  };
  const keep = <T>(what: SeldomFact<T>, value: T): void => {
    use(what, keyOf(what), { readAt: now, value });
  };
  return {
    known,
    keep,
    async read<T>(what: SeldomRead<T>, gaps: Gap[]): Promise<T> {
      const remembered = known(what);
      if (remembered) return remembered.value;
      const own: Gap[] = [];
      const value = await what.read(own);
      gaps.push(...own);
      if (own.length === 0) keep(what, value);
      return value;
    },
    toRemember(urgent) {
      const isUrgent = (key: string): boolean => [key, ...(sharedBy.get(key) ?? [])].some((one) => urgent.has(one));
      const kept: Remembered = {};
      for (const key in used) if (used[key] && !isUrgent(key)) kept[key] = used[key];
      return kept;
    },
    ages() {
      const ages: Record<string, Instant> = {};
      for (const key in used) if (used[key] && used[key].readAt !== now) ages[key] = used[key].readAt;
      return ages;
    },
  };
}

/** Remembers nothing: for whoever reads once. */
export function unremembered(now: Instant): Seldom {
  return seldom({ before: {}, now, changedAt: new Map() });
}

export function seldomKey(source: Source, resourceId: string): string {
  return `${source}|${resourceId}`.toLowerCase();
}

/** Each resource has a day of its own, so that nothing is ever older than a day. */
function isSameDay(readAt: Instant, now: Instant, key: string): boolean {
  const id = idOf(key);
  return periodOf(Date.parse(readAt), id, DAY_MS) === periodOf(Date.parse(now), id, DAY_MS);
}
