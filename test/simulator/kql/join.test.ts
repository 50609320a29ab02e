import { expect, test } from 'vitest';
import { type Json, refusal, rows, run, table } from './run.ts';

const tables = {
  X: table({ Key: 'string', Value1: 'long' }, [
    ['a', 1],
    ['b', 2],
    ['b', 3],
    ['c', 4],
  ]),
  Y: table({ Key: 'string', Value2: 'long' }, [
    ['b', 10],
    ['c', 20],
    ['c', 30],
    ['d', 40],
  ]),
};

const both = ['Key: string', 'Value1: long', 'Key1: string', 'Value2: long'];
const left = ['Key: string', 'Value1: long'];
const right = ['Key: string', 'Value2: long'];
const matched: Json[][] = [
  ['b', 2, 'b', 10],
  ['b', 3, 'b', 10],
  ['c', 4, 'c', 20],
  ['c', 4, 'c', 30],
];

// Page "join operator" and those of its flavors
const flavors: [string, string[], Json[][]][] = [
  ['', both, matched.filter(([, value]) => value !== 3)],
  ['kind=innerunique', both, matched.filter(([, value]) => value !== 3)],
  ['kind=inner', both, matched],
  ['kind=leftouter', both, [['a', 1, '', null], ...matched]],
  ['kind=rightouter', both, [...matched, ['', null, 'd', 40]]],
  ['kind=fullouter', both, [['a', 1, '', null], ...matched, ['', null, 'd', 40]]],
  [
    'kind=leftsemi',
    left,
    [
      ['b', 2],
      ['b', 3],
      ['c', 4],
    ],
  ],
  [
    'kind=rightsemi',
    right,
    [
      ['b', 10],
      ['c', 20],
      ['c', 30],
    ],
  ],
  ['kind=leftanti', left, [['a', 1]]],
  ['kind=anti', left, [['a', 1]]],
  ['kind=leftantisemi', left, [['a', 1]]],
  ['kind=rightanti', right, [['d', 40]]],
];

test.each(flavors)('join %s', (kind, columns, expected) => {
  expect(run(`X | join ${kind} Y on Key`, tables)).toEqual({ columns, rows: expected });
});

test('join keys may have other names, several of them, and hints do not matter', () => {
  expect(
    rows('X | join kind=inner hint.strategy=broadcast (Y | project K = Key, Value2) on $left.Key == $right.K', tables),
  ).toEqual(matched);
  expect(
    rows('X | join kind=inner (Y | extend Value1 = Value2 / 5) on Key, Value1 | project Key, Value1, Value11', tables),
  ).toEqual([
    ['b', 2, 2],
    ['c', 4, 4],
  ]);
});

test('null keys equal nothing, empty texts equal each other', () => {
  expect(
    rows('datatable(k: long) [1, long(null)] | join kind=leftouter (datatable(k: long) [long(null), 1]) on k'),
  ).toEqual([
    [1, 1],
    [null, null],
  ]);
  expect(rows('print k = "" | join kind=inner (print k = "") on k')).toEqual([['', '']]);
});

test('names that are taken are numbered', () => {
  expect(run('print a = 1, a1 = 2 | join kind=inner (print a = 1, a1 = 3) on a').columns).toEqual([
    'a: long',
    'a1: long',
    'a2: long',
    'a11: long',
  ]);
});

// Page "lookup operator"
test('lookup leaves the right keys out', () => {
  expect(run('X | lookup Y on Key', tables)).toEqual({
    columns: ['Key: string', 'Value1: long', 'Value2: long'],
    rows: [['a', 1, null], ...matched.map(([key = '', value = null, , other = null]) => [key, value, other])],
  });
  expect(
    rows('X | lookup kind=inner (Y | project K = Key, V = Value2) on $left.Key == $right.K | count', tables),
  ).toEqual([[4]]);
});

// Page "union operator"
test('union', () => {
  expect(run('X | union Y', tables)).toEqual({
    columns: ['Key: string', 'Value1: long', 'Value2: long'],
    rows: [
      ['a', 1, null],
      ['b', 2, null],
      ['b', 3, null],
      ['c', 4, null],
      ['b', null, 10],
      ['c', null, 20],
      ['c', null, 30],
      ['d', null, 40],
    ],
  });
  expect(run('union kind=inner withsource=Source X, (Y | take 1) | summarize count() by Source', tables)).toEqual({
    columns: ['Source: string', 'count_: long'],
    rows: [
      ['X', 4],
      ['union_arg1', 1],
    ],
  });
  expect(run('print a = 1 | union (print a = "x")')).toEqual({
    columns: ['a_long: long', 'a_string: string'],
    rows: [
      [1, ''],
      [null, 'x'],
    ],
  });
  expect(rows('union isfuzzy=true X, Nowhere | count', tables)).toEqual([[4]]);
  expect(rows('union * | count', tables)).toEqual([[8]]);
  expect(refusal('union X, Nowhere', tables)).toMatch(/^KqlError: KS/);
});

test('a join on what is no equality, and on dynamic keys, is refused', () => {
  expect(refusal('X | join kind=cross Y on Key', tables)).toMatch(/^Kql/);
  expect(refusal('X | join Y on $left.Value1 < $right.Value2', tables)).toMatch(/^Kql/);
});
