import type { EstateFile } from '../../simulator/index.ts';
import type { Policy } from '../../src/model/policy.ts';
import { at } from './lab.ts';

export type Draw = () => number;
type Step = NonNullable<EstateFile['timeline']>[number];
/** What happens between two sweeps. */
export type Change = Omit<Step, 'at'>;

/** A tenant to be swept for two days under faults. */
export interface World {
  policy: Policy;
  estate(draw: Draw): EstateFile;
  /** the hour of the first faults */
  from: number;
  /** how many hours without faults come after them: until everything has been read anew */
  quiet: number;
  /** how often the most registries that one shard reads are drawn anew; 0: no subscription is cut */
  cuts: number;
  /** how often the time of a shard is too short */
  hurried: number;
}

/** Hours of faults, counted from the first sweep. */
export const FAULTY = 48;

/** About one change an hour, drawn from those that are possible at that hour. */
export function timelineOf(draw: Draw, changesAt: (hour: number) => (() => Change)[]): Step[] {
  const steps: Step[] = [];
  for (let hour = 0; hour < FAULTY - 1; hour++) {
    for (let n = Math.floor(draw() * 3); n > 0; n--) steps.push({ at: at(hour, 55), ...pick(draw, changesAt(hour))() });
  }
  return steps;
}

/** Takes a resource away, or puts it back. */
export function toggled(gone: Set<string>, resource: NonNullable<Change['merge']>): Change {
  if (gone.delete(resource.id)) return { merge: resource };
  gone.add(resource.id);
  return { remove: resource.id };
}

export function pick<T>(draw: Draw, all: readonly T[]): T {
  const one = all[Math.floor(draw() * all.length)];
  if (one === undefined) throw new Error('there is nothing to pick from');
  return one;
}
