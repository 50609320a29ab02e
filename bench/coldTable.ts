import type { ColdStart } from './coldStart.ts';

/** How fast the functions load: a head, then a row for what is measured. */
export function coldTable({ bundled, unbundled }: ColdStart): string[][] {
  const row = (name: string, one: number, other: number): string[] => [
    name,
    one.toFixed(0),
    other.toFixed(0),
    (one / other).toFixed(2),
  ];
  return [
    ['milliseconds', 'bundled', 'unbundled', 'ratio'],
    row('loading all functions', bundled.load, unbundled.load),
    row('the whole process, without what Node itself takes', bundled.process, unbundled.process),
  ];
}
