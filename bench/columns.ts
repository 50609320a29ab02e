import { boundOf, type Conditions } from './bound.ts';
import { type SweepFigures, writtenBy } from './figures.ts';

/** One figure of a sweep, by the name that people read. */
export interface Figure {
  name: string;
  of(figures: SweepFigures, conditions: Conditions): number;
  digits: number;
}

/** What is printed of each sweep, and how it grows. */
export const FIGURES: Figure[] = [
  { name: 'wall s', digits: 1, of: ({ wallSeconds }) => wallSeconds },
  { name: 'bound s', digits: 1, of: (one, conditions) => boundOf(one, conditions).seconds },
  { name: 'ratio', digits: 2, of: (one, conditions) => one.wallSeconds / boundOf(one, conditions).seconds },
  { name: 'ARM / registry', digits: 2, of: (one) => one.armRequests / one.registries },
  { name: 'requests / registry', digits: 2, of: (one) => one.requests / one.registries },
  { name: 'CPU s / 1,000', digits: 2, of: (one) => (one.cpuSeconds / one.registries) * 1000 },
  { name: 'registries / CPU s', digits: 0, of: (one) => one.registries / one.cpuSeconds },
  { name: 'peak MiB', digits: 0, of: ({ peakMiB }) => peakMiB },
  { name: 'rows', digits: 0, of: (one) => writtenBy(one).rows },
  { name: 'MB', digits: 2, of: (one) => writtenBy(one).bytes / 1e6 },
  { name: '429', digits: 0, of: ({ throttled }) => throttled },
  { name: 'gaps', digits: 0, of: ({ gaps }) => gaps },
];

/** A table of sweeps: a head, then a row for each. */
export function sweepTable(sweeps: { figures: SweepFigures; conditions: Conditions }[]): string[][] {
  const head = [
    'sweep',
    'registries',
    'read in full',
    ...FIGURES.map(({ name }) => name),
    'bound by',
    "simulator's CPU s",
  ];
  const rows = sweeps.map(({ figures, conditions }) => [
    figures.sweep,
    String(figures.registries),
    String(figures.readInFull),
    ...FIGURES.map(({ of, digits }) => of(figures, conditions).toFixed(digits)),
    boundOf(figures, conditions).by,
    figures.simulatorCpuSeconds.toFixed(1),
  ]);
  return [head, ...rows];
}
