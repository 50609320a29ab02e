import { expect, test } from 'vitest';
import { sweepTable } from '../../bench/columns.ts';
import { figures, measured } from './builders.ts';

test('a row of figures', () => {
  const one = figures({ readInFull: 990, gaps: 10, throttled: 3, requests: 1550, wallSeconds: 1.25 });
  const [head = [], row = []] = sweepTable([{ figures: one, conditions: measured() }]);
  expect(Object.fromEntries(head.map((name, column) => [name, row[column]]))).toEqual({
    sweep: 'steady',
    registries: '1000',
    'read in full': '990',
    'wall s': '1.3',
    'bound s': '1.0',
    ratio: '1.25',
    'ARM / registry': '1.30',
    'requests / registry': '1.55',
    'CPU s / 1,000': '1.00',
    'registries / CPU s': '1000',
    'peak MiB': '200',
    rows: '102',
    MB: '0.20',
    '429': '3',
    gaps: '10',
    'bound by': 'processor',
    "simulator's CPU s": '0.5',
  });
});
