import { expect, test } from 'vitest';
import { ADDRESSES } from './cases/addresses.ts';
import { CONVERSION } from './cases/conversion.ts';
import { ARRAYS, BAGS, DYNAMIC_ACCESS } from './cases/dynamic.ts';
import { NULLS } from './cases/nulls.ts';
import { NUMBERS } from './cases/numbers.ts';
import { STRING_FUNCTIONS, STRING_OPERATORS } from './cases/strings.ts';
import { TIME_ARITHMETIC, TIME_FUNCTIONS, TIME_LITERALS } from './cases/time.ts';
import { computed, rows, run, table, value } from './run.ts';

test.each([
  ['nulls', NULLS],
  ['string operators', STRING_OPERATORS],
  ['string functions', STRING_FUNCTIONS],
  ['time literals', TIME_LITERALS],
  ['time arithmetic', TIME_ARITHMETIC],
  ['time functions', TIME_FUNCTIONS],
  ['numbers', NUMBERS],
  ['conversion', CONVERSION],
  ['dynamic access', DYNAMIC_ACCESS],
  ['arrays', ARRAYS],
  ['bags', BAGS],
  ['addresses', ADDRESSES],
] as const)('%s', (_, cases) => {
  expect(computed(cases)).toEqual(cases);
});

test('where keeps only what is true', () => {
  const data = 'datatable(x: int) [1, int(null), 5]';
  expect(rows(`${data} | where x > 1`)).toEqual([[5]]);
  expect(rows(`${data} | where not(x > 1)`)).toEqual([[1]]);
  expect(rows(`${data} | where x != 5`)).toEqual([[1], [null]]);
});

test('a string is never null', () => {
  expect(rows('datatable(s: string, n: int) ["a", 1] | join kind=rightouter (print s = "b") on s')).toEqual([
    ['', null, 'b'],
  ]);
});

test('the type of an arithmetic result follows its operands', () => {
  expect(run('print int(1) + int(1), 1 + 1.0, 1 + decimal(1), 1h / 1m, -int(1), int(7) % 2').columns).toEqual([
    'print_0: long',
    'print_1: real',
    'print_2: decimal',
    'print_3: real',
    'print_4: int',
    'print_5: long',
  ]);
});

test('hostile keys are keys like any other', () => {
  expect(value(`parse_json('{"__proto__": 1, "constructor": 2}')`)).toBe('{"__proto__":1,"constructor":2}');
  expect(value(`parse_json('{}').constructor`)).toBe(null);
  expect(value(`bag_pack("__proto__", 1)["__proto__"]`)).toBe('1');
});

test('a sort of several arrays gives several columns', () => {
  expect(run('print array_sort_asc(dynamic([2, 1]), dynamic(["b", "a"]))')).toEqual({
    columns: ['array0_sorted: dynamic', 'array1_sorted: dynamic'],
    rows: [['[1,2]', '["a","b"]']],
  });
});

test('pack_all and bag_pack_columns name the columns', () => {
  const tables = { T: table({ a: 'string', n: 'long', t: 'timespan' }, [['', null, '01:00:00']]) };
  expect(rows('T | project pack_all(), pack_all(true), bag_pack_columns(a, t)', tables)).toEqual([
    ['{"a":"","n":null,"t":"01:00:00"}', '{"t":"01:00:00"}', '{"a":"","t":"01:00:00"}'],
  ]);
});

// Page "column_ifexists()"
test('column_ifexists falls back where there is no such column', () => {
  expect(run('print a = 1 | project b = column_ifexists("a", 0), c = column_ifexists("z", 0)')).toEqual({
    columns: ['b: long', 'c: long'],
    rows: [[1, 0]],
  });
});
