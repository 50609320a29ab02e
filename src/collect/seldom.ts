import { type Bins, binOf, byPrincipal } from '../byPrincipal.ts';
import { lastSegment } from '../model/armId.ts';
import type { Instant, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { Source } from '../model/source.ts';
import { idOf, periodOf } from '../stableId.ts';
import { MOST_SKEW_MS } from './clock.ts';

/** What was read of a resource and when; keys are those of {@link seldomKey}. */
export type Remembered = Record<string, Item>;

interface Item<T = unknown> {
  readAt: Instant;
  value: T;
  /** somebody was paged for it: it is good only where it cannot be read again */
  isUrgent?: true;
}

/** Reads what changes seldom once a day instead of once a sweep. */
export interface Seldom {
  /** what is remembered if it is fresh, else what `read` gives; a read with a gap is not remembered */
  read<T>(what: SeldomRead<T>, gaps: Gap[]): Promise<T>;
  /** for what is read many at a time: what is remembered if it is fresh, else undefined */
  known<T>(what: SeldomFact<T>): { value: T } | undefined;
  /** where reading failed: what is remembered, however old, for the next sweep too */
  lastKnown<T>(what: SeldomFact<T>): { value: T } | undefined;
  /** remembers what was read now, without a gap */
  keep<T>(what: SeldomFact<T>, value: T): void;
  /**
   * For the next sweep: what was asked for in this one, and nothing of what is gone. `urgent`: keys of what pages
   * somebody, which is to be read again, so that a repair is seen by the next sweep. `isWhole`: nothing failed that might
   * have hidden a principal; else also what was not asked for, as it was.
   */
  toRemember(urgent: ReadonlySet<string>, isWhole?: boolean): Remembered;
  /** when the facts that were not read in this sweep were read, by key; with `bins`: those of some principals */
  ages(bins?: Bins): Record<string, Instant>;
}

interface SeldomFact<T> {
  source: Source;
  /** id of what is read: an endpoint, a zone, a principal; that of the registry if it is the registry's own */
  of?: string;
  /** whose findings make it urgent, and whose changes make it stale, its own making too */
  registry: Pick<Registry, 'id' | 'createdOn'>;
  /** whether what is remembered does not fit what is known by now */
  isStale?(value: T): boolean;
}

interface SeldomRead<T> extends SeldomFact<T> {
  read(gaps: Gap[]): Promise<T>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Behind gaps that last, principals come and go unseen. */
const HIDDEN_MS = 30 * DAY_MS;

export interface SeldomOptions {
  /** what earlier sweeps have read */
  before: Remembered;
  /** of this sweep */
  now: Instant;
  /** registry id in lower case → when somebody last changed it, as Azure recorded: what was read before is stale */
  changedAt: ReadonlyMap<string, Instant>;
  /** it is of principals, who may be very many, and is asked for bin by bin */
  ofPrincipals?: boolean;
}

/** What a sweep may use of what earlier ones have read. */
export function seldom({ before, now, changedAt, ofPrincipals = false }: SeldomOptions): Seldom {
  const earlier: Items = ofPrincipals ? itemsByPrincipal(before) : new Map(Object.entries(before));
  const used: Items = ofPrincipals ? itemsByPrincipal() : new Map();
  /** what is no registry's own and was read in this sweep: for each registry behind it that is enough */
  const justRead = new Map<string, Item>();
  /** of what is no registry's own: the keys of those whose findings make it urgent */
  const sharedBy = new Map<string, Set<string>>();
  const keyOf = ({ source, registry, of = registry.id }: SeldomFact<never>): string => seldomKey(source, of);
  const isFresh = (readAt: Instant, key: string, { registry }: SeldomFact<never>): boolean =>
    isSameDay(readAt, now, key) &&
    // A registry may be made anew under its old name, which Azure's records of changes may tell late or never.
    [registry.createdOn, changedAt.get(registry.id.toLowerCase())].every(
      (at) => at === undefined || isBefore(at, readAt),
    );
  const use = ({ source, registry, of }: SeldomFact<never>, key: string, item: Item): void => {
    used.set(key, item);
    if (of === undefined) return;
    const keys = sharedBy.get(key) ?? new Set();
    sharedBy.set(key, keys.add(seldomKey(source, registry.id)));
  };
  const known = <T>(what: SeldomFact<T>): { value: T } | undefined => {
    const key = keyOf(what);
    const read = justRead.get(key);
    const item = (read ?? earlier.get(key)) as Item<T> | undefined;
    if (!item || item.isUrgent || !(read || isFresh(item.readAt, key, what)) || what.isStale?.(item.value))
      return undefined;
    use(what, key, item);
    return item;
  };
  const keep = <T>(what: SeldomFact<T>, value: T): void => {
    const item = { readAt: now, value };
    if (what.of !== undefined) justRead.set(keyOf(what), item);
    use(what, keyOf(what), item);
  };
  return {
    known,
    lastKnown<T>(what: SeldomFact<T>) {
      const key = keyOf(what);
      const item = earlier.get(key) as Item<T> | undefined;
      if (item) use(what, key, item);
      return item;
    },
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
    toRemember(urgent, isWhole = true) {
      const isUrgent = (key: string): boolean => [key, ...(sharedBy.get(key) ?? [])].some((one) => urgent.has(one));
      const isRecent = ({ readAt }: Item): boolean => Date.parse(now) - Date.parse(readAt) < HIDDEN_MS;
      const kept: Remembered = {};
      const add = (key: string, item: Item): void => {
        if (!isUrgent(key)) kept[key] = item;
        // Of principals what was known last is asked for, where it cannot be read again.
        else if (ofPrincipals) kept[key] = { ...item, isUrgent: true };
      };
      if (ofPrincipals && !isWhole)
        for (const [key, item] of earlier) if (isRecent(item)) add(key, { ...item, isUrgent: true });
      for (const [key, item] of used) add(key, item);
      return kept;
    },
    ages(bins) {
      const ages: Record<string, Instant> = {};
      for (const [key, { readAt }] of (bins && used.within?.(bins)) ?? used) if (readAt !== now) ages[key] = readAt;
      return ages;
    },
  };
}

/** By key; where there are bins, those of some of them. */
interface Items extends Iterable<[string, Item]> {
  get(key: string): Item | undefined;
  set(key: string, item: Item): void;
  within?(bins: Bins): Iterable<[string, Item]>;
}

/** Items whose keys end with a principal's id, compressed. The bin that was looked at last is open. */
function itemsByPrincipal(items: Remembered = {}): Items {
  const list = byPrincipal<[string, Item]>();
  let open: { bin: number; items: Map<string, Item> } | undefined;
  let written: number | undefined;
  const set: Items['set'] = (key, item) => {
    const bin = binOf(lastSegment(key));
    // A list that is not sealed takes more room than all that is in it.
    if (bin !== written) list.seal();
    written = bin;
    list.add(lastSegment(key), [key, item]);
  };
  for (const key in items) if (items[key]) list.add(lastSegment(key), [key, items[key]]);
  list.seal();
  return {
    set,
    get(key) {
      const bin = binOf(lastSegment(key));
      if (open?.bin !== bin) open = { bin, items: new Map(list.within({ from: bin, to: bin + 1 })) };
      return open.items.get(key);
    },
    within: (bins) => list.within(bins),
    [Symbol.iterator]: () => list[Symbol.iterator](),
  };
}

/** Remembers nothing: for whoever reads once. */
export function unremembered(now: Instant): Seldom {
  return seldom({ before: {}, now, changedAt: new Map() });
}

export function seldomKey(source: Source, resourceId: string): string {
  return `${source}|${resourceId}`.toLowerCase();
}

/** Whether something is before a read whatever the clocks say: Azure's own, and this machine's, by which reads are noted. */
function isBefore(at: Instant, readAt: Instant): boolean {
  return Date.parse(at) < Date.parse(readAt) - MOST_SKEW_MS;
}

/** Each resource has a day of its own, so that nothing is ever older than a day. */
function isSameDay(readAt: Instant, now: Instant, key: string): boolean {
  const id = idOf(key);
  return periodOf(Date.parse(readAt), id, DAY_MS) === periodOf(Date.parse(now), id, DAY_MS);
}
