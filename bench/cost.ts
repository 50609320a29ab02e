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
 * A month of steady sweeps, and of sweeps that write every row again: the first sweep, to which everything is new, is
 * one. Throws where a run has no steady sweep.
 */
export function costsOf(sweeps: SweepFigures[], prices: Prices): { now: MonthlyCost; everyRow: MonthlyCost } {
  const steady = sweeps.filter(({ sweep }) => sweep === 'steady').map((one) => writtenBy(one).bytes);
  const first = sweeps.filter(({ sweep }) => sweep === 'first').map((one) => writtenBy(one).bytes);
  if (steady.length === 0) throw new Error('what a month costs follows from a steady sweep, and there is none');
  return {
    now: monthlyCost(sum(steady) / steady.length, prices),
    everyRow: monthlyCost(sum(first), prices),
  };
}
