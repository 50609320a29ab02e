import { type SweepFigures, sum, writtenBy } from './figures.ts';

export interface Prices {
  /** of ingestion into Analytics Logs */
  perGb: number;
  /** of one log search alert rule, a month */
  perRule: number;
  rules: number;
  sweepsPerDay: number;
}

export interface MonthlyCost {
  gb: number;
  ingestion: number;
  rules: number;
  total: number;
}

/** GB are 10⁹ bytes, as Azure bills them. */
const GB = 1e9;
const DAYS_A_MONTH = 365 / 12;

/** A month of sweeps that write so many bytes each. */
export function monthlyCost(bytesPerSweep: number, { perGb, perRule, rules, sweepsPerDay }: Prices): MonthlyCost {
  const gb = (bytesPerSweep * sweepsPerDay * DAYS_A_MONTH) / GB;
  const ingestion = gb * perGb;
  return { gb, ingestion, rules: rules * perRule, total: ingestion + rules * perRule };
}

/**
 * A month of sweeps like the last, and of sweeps that write every row again: the first sweep, to which everything is new,
 * is one. The second says of everything that it is new no more, once and never again. Throws where a run has no steady
 * sweep.
 */
export function costsOf(sweeps: SweepFigures[], prices: Prices): { now: MonthlyCost; everyRow: MonthlyCost } {
  const last = sweeps.findLast(({ sweep }) => sweep === 'steady');
  const first = sweeps.filter(({ sweep }) => sweep === 'first').map((one) => writtenBy(one).bytes);
  if (!last) throw new Error('what a month costs follows from a steady sweep, and there is none');
  return {
    now: monthlyCost(writtenBy(last).bytes, prices),
    everyRow: monthlyCost(sum(first), prices),
  };
}
