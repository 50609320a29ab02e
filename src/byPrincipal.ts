import type { Evidence } from './model/finding.ts';
import { type Packed, packed } from './packed.ts';
import { idOf, placeOf } from './stableId.ts';

/** What is of many principals is looked at a few of these at a time. */
export const BINS = 64;

/** Some principals: those of the bins from one number to below another. */
export interface Bins {
  from: number;
  to: number;
}

/** The bin that a principal is in, by its object id; wherever it is spoken of it is the same. */
export function binOf(principalId: string): number {
  return Math.floor(placeOf(idOf(principalId)) * BINS);
}

/** What is about something: a finding, a hit, a credential. */
export interface About {
  resourceId: string;
  evidence?: Evidence;
}

/** The principal that a finding, or a credential, is about; undefined: it is about something else. */
export function principalOf({ resourceId, evidence }: About): string | undefined {
  const [, id] = /^\/(?:servicePrincipals|users|groups)\/([^/]+)/i.exec(resourceId) ?? [];
  return id ?? (typeof evidence?.principalId === 'string' ? evidence.principalId : undefined);
}

/** Whether something is about one of these principals; without `bins`: about none at all. */
export function isAmong(bins: Bins | undefined, principalId: string | undefined): boolean {
  if (principalId === undefined || bins === undefined) return principalId === bins;
  const bin = binOf(principalId);
  return bins.from <= bin && bin < bins.to;
}

/** {@link Packed} lists of what is said of principals, and one of what is said of something else. */
export interface ByPrincipal<T> extends Iterable<T> {
  add(principalId: string | undefined, item: T): void;
  addJson(principalId: string | undefined, json: string): void;
  seal(): void;
  /** how many are in a bin */
  size(bin: number): number;
  /** those of some principals; without `bins`: those of none */
  within(bins: Bins | undefined): Iterable<T>;
}

/** Empty lists. */
export function byPrincipal<T>(): ByPrincipal<T> {
  const lists = Array.from({ length: BINS + 1 }, () => packed<T>());
  const listOf = (principalId: string | undefined): Packed<T> | undefined =>
    lists[principalId === undefined ? BINS : binOf(principalId)];
  function* among(some: Packed<T>[]): Generator<T> {
    for (const list of some) yield* list;
  }
  return {
    add: (principalId, item) => listOf(principalId)?.add(item),
    addJson: (principalId, json) => listOf(principalId)?.addJson(json),
    seal() {
      for (const list of lists) list.seal();
    },
    size: (bin) => lists[bin]?.size() ?? 0,
    within: (bins) => among(bins ? lists.slice(bins.from, bins.to) : lists.slice(BINS)),
    [Symbol.iterator]: () => among(lists),
  };
}
