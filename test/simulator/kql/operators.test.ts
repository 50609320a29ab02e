import { expect, test } from 'vitest';
import { refusal, rows, run, table } from './run.ts';

const T = table({ id: 'string', n: 'long', tag: 'string' }, [
  ['a', 1, 'x'],
  ['b', 2, ''],
  ['c', null, 'x'],
  ['d', 4, 'y'],
]);
const tables = { T };

// Page "project operator", "extend operator": the names of columns without one
test('project and extend name the columns that have no name', () => {
  expect(run('T | take 1 | project n, n + 1, tostring(n), strcat(id, "!"), m = -n', tables)).toEqual({
    columns: ['n: long', 'Column1: long', 'n1: string', 'Column2: string', 'm: long'],
    rows: [[1, 2, '1', 'a!', -1]],
  });
  expect(run('T | take 1 | extend n = n * 10, k = n', tables)).toEqual({
    columns: ['id: string', 'n: long', 'tag: string', 'k: long'],
    rows: [['a', 10, 'x', 1]],
  });
  expect(run('print d = dynamic({"a": {"b": 1}, "c": [5]}) | project d.a.b, d.c[0], d["a"]')).toEqual({
    columns: ['d_a_b: dynamic', 'd_c_0: dynamic', 'd_a: dynamic'],
    rows: [['1', '5', '{"b":1}']],
  });
});

test('a name that is taken is numbered, replaced or an error', () => {
  expect(run('print a = 1 | project tostring(a), a, b = 2').columns).toEqual(['a: string', 'a1: long', 'b: long']);
  expect(run('print a = 1, b = 2 | extend tostring(a), b').columns).toEqual(['a: string', 'b: long']);
  expect(run('print a = 1 | serialize b = 2 | serialize b = 3, tostring(b)').columns).toEqual([
    'a: long',
    'b: long',
    'b1: long',
    'b2: string',
  ]);
  expect(refusal('print a = 1 | extend b = 1, b = 2')).toMatch(/^KqlError: KS171/);
});

// Page "print operator"
test('print numbers what has no name', () => {
  expect(run('print 1, x = "a", now()').columns).toEqual(['print_0: long', 'x: string', 'print_2: datetime']);
});

test('columns are picked by name and pattern', () => {
  const wide = 'print b1 = 1, a10 = 2, a2 = 3, c = 4';
  expect(run(`${wide} | project-away a*`).columns).toEqual(['b1: long', 'c: long']);
  expect(run(`${wide} | project-keep c, a*`).columns).toEqual(['a10: long', 'a2: long', 'c: long']);
  expect(run(`${wide} | project-rename z = b1`).columns).toEqual(['z: long', 'a10: long', 'a2: long', 'c: long']);
  expect(run(`${wide} | project-reorder c, a* asc`).columns).toEqual(['c: long', 'a10: long', 'a2: long', 'b1: long']);
  expect(run(`${wide} | project-reorder a* granny-asc`).columns).toEqual([
    'a2: long',
    'a10: long',
    'b1: long',
    'c: long',
  ]);
});

test('take, limit, count, distinct', () => {
  expect(rows('T | take 2 | project id', tables)).toEqual([['a'], ['b']]);
  expect(rows('T | limit 0', tables)).toEqual([]);
  expect(run('T | where n > 1 | count', tables)).toEqual({ columns: ['Count: long'], rows: [[2]] });
  expect(run('T | count as N', tables).columns).toEqual(['N: long']);
  expect(rows('T | distinct tag', tables)).toEqual([['x'], [''], ['y']]);
  expect(rows('union T, T | distinct * | count', tables)).toEqual([[4]]);
});

// Page "sort operator": where nulls and NaN stand
test('sort puts nulls first when ascending and last when descending', () => {
  expect(rows('T | sort by n asc | project id', tables)).toEqual([['c'], ['a'], ['b'], ['d']]);
  expect(rows('T | order by n | project id', tables)).toEqual([['d'], ['b'], ['a'], ['c']]);
  expect(rows('T | sort by n asc nulls last | project id', tables)).toEqual([['a'], ['b'], ['d'], ['c']]);
  expect(rows('T | sort by n desc nulls first | project id', tables)).toEqual([['c'], ['d'], ['b'], ['a']]);
  expect(rows('T | sort by tag asc, n desc | project id', tables)).toEqual([['b'], ['a'], ['c'], ['d']]);
  const reals = 'datatable(r: real) [real(1), real(nan), real(null), real(-inf), real(+inf)]';
  expect(rows(`${reals} | sort by r asc`)).toEqual([[null], ['NaN'], ['-Infinity'], [1], ['Infinity']]);
  expect(rows(`${reals} | sort by r desc`)).toEqual([['Infinity'], [1], ['-Infinity'], ['NaN'], [null]]);
});

test('top keeps the first rows of the order', () => {
  expect(rows('T | top 2 by n | project id', tables)).toEqual([['d'], ['b']]);
  expect(rows('T | top 2 by n asc nulls last | project id', tables)).toEqual([['a'], ['b']]);
});

test('as gives the rows a name, getschema describes them, render leaves them alone', () => {
  expect(rows('T | where n > 1 | as Big | join kind=leftanti (Big | where n > 2) on id | project id', tables)).toEqual([
    ['b'],
  ]);
  expect(rows('T | getschema | project ColumnName, ColumnOrdinal, ColumnType', tables)).toEqual([
    ['id', 0, 'string'],
    ['n', 1, 'long'],
    ['tag', 2, 'string'],
  ]);
  expect(rows('T | count | render table', tables)).toEqual([[4]]);
});

test('range counts up and down', () => {
  expect(rows('range x from 1 to 7 step 3')).toEqual([[1], [4], [7]]);
  expect(rows('range x from 3 to 1 step -1')).toEqual([[3], [2], [1]]);
  expect(rows('range t from datetime(2040-01-01) to datetime(2060-01-01) step 3652d')).toEqual([
    ['2040-01-01T00:00:00.0000000Z'],
    ['2049-12-31T00:00:00.0000000Z'],
    ['2059-12-31T00:00:00.0000000Z'],
  ]);
  expect(refusal('range x from 1 to 2 step 0')).toBe(
    'KqlError: KS140: The expression must not be the value: 0 (line 1, column 26)',
  );
});

// Page "Window functions"
test('window functions look at other rows, in order', () => {
  expect(
    rows('T | serialize r = row_number(), p = prev(n), q = next(id, 2, "none"), s = row_cumsum(n)', tables),
  ).toEqual([
    ['a', 1, 'x', 1, null, 'c', 1],
    ['b', 2, '', 2, 1, 'd', 3],
    ['c', null, 'x', 3, 2, 'none', 3],
    ['d', 4, 'y', 4, null, 'none', 7],
  ]);
  expect(
    rows('T | sort by tag asc, id asc | extend r = row_number(1, prev(tag) != tag) | project id, r', tables),
  ).toEqual([
    ['b', 1],
    ['a', 1],
    ['c', 2],
    ['d', 1],
  ]);
  const ranks = 'datatable(v: long) [3, 3, 5, 5, 6] | sort by v asc';
  expect(rows(`${ranks} | extend d = row_rank_dense(v), m = row_rank_min(v)`)).toEqual([
    [3, 1, 1],
    [3, 1, 1],
    [5, 2, 3],
    [5, 2, 3],
    [6, 3, 5],
  ]);
  expect(rows(`${ranks} | where prev(v) != v`)).toEqual([[3], [5], [6]]);
  expect(refusal('T | extend r = row_number()', tables)).toBe(
    'KqlError: a window function needs rows in order: put serialize or sort before it (line 1, column 5)',
  );
});

// Page "row_window_session()": a distance that equals the limit starts a session
test('row_window_session starts a session after a gap', () => {
  const visits = 'datatable(t: datetime) [datetime(10:00), datetime(10:04), datetime(10:09), datetime(11:10)]';
  const day = visits.replaceAll('datetime(1', 'datetime(2024-04-11 1');
  expect(
    rows(`${day} | sort by t asc | project s = row_window_session(t, 1h, 5m) | project format_datetime(s, "HH:mm")`),
  ).toEqual([['10:00'], ['10:00'], ['10:09'], ['11:10']]);
});
