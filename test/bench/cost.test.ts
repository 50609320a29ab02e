import { expect, test } from 'vitest';
import { costsOf, monthlyCost } from '../../bench/cost.ts';
import { costTable } from '../../bench/costTable.ts';
import { figures } from './builders.ts';

const PRICES = { perGb: 2, perRule: 0.5, rules: 10, sweepsPerDay: 24 };

test('a month has 730 hours, and a GB 10⁹ bytes', () => {
  expect(monthlyCost(1e9, PRICES)).toEqual({ gb: 730, ingestion: 1460, rules: 5, total: 1465 });
});

test('what is written is what the last sweep writes; the first one writes every row', () => {
  const written = (bytes: number) => ({
    tables: { A: { rows: 1, bytes: bytes / 2 }, B: { rows: 1, bytes: bytes / 2 } },
  });
  const sweeps = [
    figures({ sweep: 'first', ...written(10e6) }),
    figures({ sweep: 'steady', ...written(3e6) }),
    figures({ sweep: 'steady', ...written(2e6) }),
  ];
  expect(costTable(costsOf(sweeps, PRICES))).toEqual([
    ['a month', 'GB', 'ingestion', 'alert rules', 'in all'],
    ['every row in every sweep', '7.30', '14.60', '5.00', '19.60'],
    ['as it is written', '1.46', '2.92', '5.00', '7.92'],
  ]);
});

test('without a steady sweep nothing is made up', () => {
  expect(() => costsOf([figures({ sweep: 'first' })], PRICES)).toThrow('there is none');
});
