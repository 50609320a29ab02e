import type { Source } from '../model/source.ts';

/** Ids of what earlier sweeps had no time for, by what was not read of it, whoever waits longest first. */
export type NotReached = Partial<Record<Source, string[]>>;

/**
 * In the order in which they are to be read: those that wait in some of the lists, by their place there, then the others as
 * they come. So nothing that was missed is behind what was missed later.
 */
export function longestWaitingFirst<T>(things: T[], idOf: (thing: T) => string, waiting: string[][]): T[] {
  const places = new Map<string, number>();
  for (const list of waiting) {
    for (const [place, id] of list.entries()) {
      const key = id.toLowerCase();
      places.set(key, Math.min(place, places.get(key) ?? place));
    }
  }
  if (places.size === 0) return things;
  const placeOf = (thing: T): number => places.get(idOf(thing).toLowerCase()) ?? Number.MAX_SAFE_INTEGER;
  return things.toSorted((a, b) => placeOf(a) - placeOf(b));
}
