import type { Conditions } from './bound.ts';
import { FIGURES } from './columns.ts';
import type { SweepFigures } from './figures.ts';

export interface Growth {
  name: string;
  from: number;
  to: number;
  /** by how much it is multiplied when the registries double; undefined: there is nothing at one end, or one size */
  perDoubling: number | undefined;
}

/** How each figure grows between two sweeps of tenants of different size. */
export function growthOf(small: SweepFigures, large: SweepFigures, conditions: Conditions): Growth[] {
  const doublings = Math.log2(large.registries / small.registries);
  return FIGURES.map(({ name, of }) => {
    const from = of(small, conditions);
    const to = of(large, conditions);
    const grows = doublings > 0 && from > 0 && to > 0;
    return { name, from, to, perDoubling: grows ? (to / from) ** (1 / doublings) : undefined };
  });
}

/** 100, 200, 400 …, and at last the whole, whether it is a doubling or not. */
export function doublings(from: number, to: number): number[] {
  const sizes: number[] = [];
  for (let size = from; size < to; size *= 2) sizes.push(size);
  return [...sizes, to];
}

/** A table of growth: a head, then a row for each figure. */
export function growthTable(small: SweepFigures, large: SweepFigures, conditions: Conditions): string[][] {
  const head = ['figure', `at ${small.registries}`, `at ${large.registries}`, 'for twice the registries'];
  const rows = growthOf(small, large, conditions).map(({ name, from, to, perDoubling }) => {
    const digits = FIGURES.find((figure) => figure.name === name)?.digits ?? 0;
    return [
      name,
      from.toFixed(digits),
      to.toFixed(digits),
      perDoubling === undefined ? '' : `× ${perDoubling.toFixed(2)}`,
    ];
  });
  return [head, ...rows];
}
