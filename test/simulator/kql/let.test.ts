import { expect, test } from 'vitest';
import { refusal, rows, run, table } from './run.ts';

const tables = {
  T: table({ n: 'long', s: 'string' }, [
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]),
};

// Pages "Let statement" and "User-defined functions"
test('let names values, tables and functions', () => {
  expect(
    rows(
      'let limit_ = 1; let Big = T | where n > limit_; let next_ = (x: long) { x + 1 }; Big | project next_(n)',
      tables,
    ),
  ).toEqual([[3], [4]]);
  expect(
    rows('let f = (a: long, b: string = "d", c: long = 0) { strcat(a, "-", b, "-", c) }; print f(12, c = 7)'),
  ).toEqual([['12-d-7']]);
  expect(rows('let F = (t: (n: long), least: long) { t | where n >= least }; F(T, 3) | project s', tables)).toEqual([
    ['c'],
  ]);
  expect(rows('let F = (t: (*)) { t | count }; T | invoke F()', tables)).toEqual([[3]]);
  expect(rows('let V = view () { T | where n == 1 }; V | project s', tables)).toEqual([['a']]);
  expect(rows('let a = () { 123 }; print a + a()')).toEqual([[246]]);
  expect(rows('let f = (x: long) { let y = x * 2; let g = (z: long) { z + y }; g(1) }; print f(10)')).toEqual([[21]]);
});

test('toscalar gives the first cell, materialize and in take tables', () => {
  expect(rows('let top_ = toscalar(T | summarize max(n)); T | where n == top_ | project s', tables)).toEqual([['c']]);
  expect(run('print x = toscalar(T | where false | project s)', tables)).toEqual({
    columns: ['x: string'],
    rows: [['']],
  });
  expect(rows('let M = materialize(T | where n > 1); M | union M | count', tables)).toEqual([[4]]);
  expect(rows('T | where n in ((T | where s in~ ("A", "C") | project n)) | project s', tables)).toEqual([['a'], ['c']]);
  expect(rows('table("T") | count', tables)).toEqual([[3]]);
});

test('a column hides a variable of the same name', () => {
  expect(rows('let n = 100; T | where n == 2 | project s', tables)).toEqual([['b']]);
});

test('a function does not see the columns of its caller, nor take a row into a query', () => {
  expect(refusal('let f = () { n + 1 }; T | extend x = f()', tables)).toMatch(/^KqlError: /);
  expect(refusal('let f = (x: long) { toscalar(T | where n == x | project s) }; T | extend y = f(n)', tables)).toBe(
    "KqlUnsupportedError: unsupported: the argument 'x' depends on a row and is used inside another query (line 1, column 45)",
  );
  expect(rows('let f = (x: long) { toscalar(T | where n == x | project s) }; print f(2)', tables)).toEqual([['b']]);
});
