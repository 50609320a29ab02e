import type { SweepFigures } from './figures.ts';
import { subscriptionsOf } from './flags.ts';
import { doublings } from './growth.ts';
import { type Measured, measure } from './measure.ts';

/** A tenant and its sweeps. */
export interface Run {
  measured: Measured;
  sweeps: SweepFigures[];
}

const SMALLEST = 100;

/** Tenants of 100 registries, of twice as many … up to those asked for, each in fresh processes. */
export async function measureScale(largest: Measured): Promise<Run[]> {
  const runs: Run[] = [];
  for (const registries of doublings(SMALLEST, largest.registries)) {
    const measured = { ...largest, registries, subscriptions: subscriptionsOf(registries) };
    runs.push({ measured, sweeps: await measure(measured) });
  }
  return runs;
}

/** The smallest tenant's sweep and the largest one's: the first, or the last of the steady ones. */
export function ends(runs: Run[], sweep: SweepFigures['sweep']): [small: SweepFigures, large: SweepFigures] {
  const all = runs.map(({ sweeps }) => sweeps.findLast((one) => one.sweep === sweep));
  const [small, large] = [all.at(0), all.at(-1)];
  if (!small || !large) throw new Error(`there is no ${sweep} sweep at one end of the scale`);
  return [small, large];
}
