import type { MonthlyCost } from './cost.ts';

/** What a month costs: a head, then a row for what is written and one for what every row in every sweep would cost. */
export function costTable({ now, everyRow }: { now: MonthlyCost; everyRow: MonthlyCost }): string[][] {
  const row = (name: string, { gb, ingestion, rules, total }: MonthlyCost): string[] => [
    name,
    ...[gb, ingestion, rules, total].map((value) => value.toFixed(2)),
  ];
  return [
    ['a month', 'GB', 'ingestion', 'alert rules', 'in all'],
    row('every row in every sweep', everyRow),
    row('as it is written', now),
  ];
}
