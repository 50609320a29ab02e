import { expect, test } from 'vitest';
import { instantOf } from '../../src/cli/instant.ts';

test.each([
  ['2026-11-24T06:00:00Z', '2026-11-24T06:00:00.000Z'],
  ['2026-11-24T06:00Z', '2026-11-24T06:00:00.000Z'],
  ['2026-11-24T06:00:00.5+01:30', '2026-11-24T04:30:00.500Z'],
  ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
])('%s is a moment', (text, instant) => {
  expect(instantOf(text)).toBe(instant);
});

test.each([
  '2026-11-24T06:00:00',
  '2026-02-30T08:00:00Z',
  '2027-02-29T08:00:00Z',
  '2026-11-24',
  '2026-11-24T24:01:00Z',
  'yesterday',
  '',
])('%j is none', (text) => {
  expect(() => instantOf(text)).toThrow('It must be a time like 2026-11-24T06:00:00Z.');
});
