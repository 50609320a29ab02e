import { expect, test } from 'vitest';
import { refusal, rows, run, table } from './run.ts';

const T = table({ k: 'string', n: 'long', r: 'real', s: 'string', d: 'dynamic', t: 'timespan' }, [
  ['a', 1, 1.5, 'x', { u: 1 }, '00:00:01'],
  ['a', 3, null, '', { v: 2 }, '00:00:03'],
  ['b', null, 2.5, 'y', null, null],
  ['a', 3, 0.5, 'z', { u: 3 }, '00:00:05'],
]);
const tables = { T };

// Page "Aggregation functions" and those of each function
test('aggregates over groups ignore nulls', () => {
  expect(run('T | summarize count(), sum(n), avg(n), min(n), max(r), dcount(n), avg(t) by k', tables)).toEqual({
    columns: [
      'k: string',
      'count_: long',
      'sum_n: long',
      'avg_n: real',
      'min_n: long',
      'max_r: real',
      'dcount_n: long',
      'avg_t: timespan',
    ],
    rows: [
      ['a', 3, 7, 7 / 3, 1, 1.5, 2, '00:00:03'],
      ['b', 1, 0, 'NaN', null, 2.5, 0, null],
    ],
  });
});

test('aggregates with a condition', () => {
  expect(
    rows(
      'T | summarize countif(n > 1), sumif(n, n > 1), avgif(r, k == "a"), minif(n, n > 1), maxif(s, k == "a"), dcountif(n, n > 1)',
      tables,
    ),
  ).toEqual([[2, 6, 1, 3, 'z', 1]]);
});

test('collections keep the order of the rows', () => {
  expect(
    run(
      'T | summarize make_list(n), make_list_with_nulls(n), make_set(n), make_list(s, 2), make_bag(d), make_set_if(k, n > 0)',
      tables,
    ),
  ).toEqual({
    columns: [
      'list_n: dynamic',
      'list_n1: dynamic',
      'set_n: dynamic',
      'list_s: dynamic',
      'bag_d: dynamic',
      'set_k: dynamic',
    ],
    rows: [['[1,3,3]', '[1,3,null,3]', '[1,3]', '["x",""]', '{"u":1,"v":2}', '["a"]']],
  });
  expect(
    rows('datatable(a: dynamic) [dynamic(["x", "y"]), dynamic(["y", "z"])] | summarize make_set(a), make_list(a)'),
  ).toEqual([['["x","y","z"]', '[["x","y"],["y","z"]]']]);
});

test('spread and percentiles', () => {
  expect(rows('range x from 1 to 5 step 1 | summarize stdev(x), variance(x), variancep(x), stdevif(x, x < 3)')).toEqual(
    [[Math.sqrt(2.5), 2.5, 2, Math.sqrt(0.5)]],
  );
  expect(run('range x from 1 to 20 step 1 | summarize percentile(x, 50), percentiles(x, 0, 5.5, 100)')).toEqual({
    columns: ['percentile_x_50: long', 'percentile_x_0: long', 'percentile_x_5_5: long', 'percentile_x_100: long'],
    rows: [[10, 1, 2, 20]],
  });
});

// Page "arg_max() (aggregation function)"
test('arg_max gives the row of the largest value, under the names of its columns', () => {
  expect(run('T | summarize arg_max(n, *) by k | project-away d, t', tables)).toEqual({
    columns: ['k: string', 'n: long', 'r: real', 's: string'],
    rows: [
      ['a', 3, null, ''],
      ['b', null, 2.5, 'y'],
    ],
  });
  expect(run('T | summarize arg_min(r, k, upper = toupper(s)), arg_max(n + 1, s)', tables)).toEqual({
    columns: ['r: real', 'k: string', 'upper: string', 'max_: long', 's: string'],
    rows: [[0.5, 'a', 'Z', 4, '']],
  });
  expect(run('T | summarize latest = arg_max(n, s), (low, which) = arg_min(r, s)', tables)).toEqual({
    columns: ['latest: long', 's: string', 'low: real', 'which: string'],
    rows: [[3, '', 0.5, 'z']],
  });
  expect(run('T | summarize arg_max(n, *), arg_min(n, *) by k, s | take 0', tables).columns).toEqual([
    'k: string',
    's: string',
    'n: long',
    'r: real',
    'd: dynamic',
    't: timespan',
    'n1: long',
    'r1: real',
    'd1: dynamic',
    't1: timespan',
  ]);
});

test('* leaves out the columns that the by clause repeats, not those it computes with', () => {
  const columnsOf = (aggregate: string) => run(`T | project n, k, s | summarize ${aggregate}`, tables).columns;
  expect(columnsOf('arg_max(n, *) by k, z = s')).toEqual(['k: string', 'z: string', 'n: long']);
  expect(columnsOf('arg_max(n, *) by tostring(k)')).toEqual(['k: string', 'n: long', 's: string']);
  expect(columnsOf('arg_max(n, *) by tolower(k), bin(n, 2)')).toEqual([
    'Column1: string',
    'n: long',
    'n1: long',
    'k: string',
    's: string',
  ]);
  expect(columnsOf('arg_min(bin(n, 2), *) by k')).toEqual(['k: string', 'n: long', 'n1: long', 's: string']);
});

// Page "take_any()": of one column a value that is not empty, of several one row
test('take_any', () => {
  expect(run('T | where n == 3 | summarize take_any(s)', tables)).toEqual({ columns: ['s: string'], rows: [['z']] });
  expect(rows('T | where n == 3 | summarize take_any(s, r)', tables)).toEqual([['', null]]);
  expect(run('T | summarize any(k)', tables).columns).toEqual(['any_k: string']);
});

// Page "summarize operator", default values
test('over nothing there is one row without by and none with it', () => {
  const none = 'T | where false';
  expect(
    rows(
      `${none} | summarize count(), sum(n), dcount(k), max(n), avg(n), make_list(n), take_any(s), arg_max(n, s)`,
      tables,
    ),
  ).toEqual([[0, 0, 0, null, 'NaN', '[]', '', null, '']]);
  expect(rows(`${none} | summarize stdev(n), variance(n), make_set(n), make_bag(d), percentile(n, 5)`, tables)).toEqual(
    [[0, 0, '[]', '{}', null]],
  );
  expect(rows(`${none} | summarize count() by k`, tables)).toEqual([]);
});

test('expressions of aggregates, and by expressions', () => {
  expect(
    run(
      'T | summarize max(n) - min(n), share = round(100.0 * countif(n > 1) / count(), 1) by odd = n % 2 == 1',
      tables,
    ),
  ).toEqual({
    columns: ['odd: bool', 'Column1: long', 'share: real'],
    rows: [
      [true, 2, 66.7],
      [false, null, 0],
    ],
  });
  expect(run('T | summarize by k, bin(n, 2)', tables)).toEqual({
    columns: ['k: string', 'n: long'],
    rows: [
      ['a', 0],
      ['a', 2],
      ['b', null],
    ],
  });
});

test('keys of several columns do not run together', () => {
  const pairs = 'datatable(a: string, b: string) ["x", "yz", "xy", "z", "x", "yz"]';
  expect(rows(`${pairs} | summarize count() by a, b`)).toEqual([
    ['x', 'yz', 2],
    ['xy', 'z', 1],
  ]);
});

test('an aggregate outside of summarize, or of a dynamic value, is refused', () => {
  expect(refusal('T | extend x = count()', tables)).toMatch(/^KqlError: .*\(line 1, column 16\)$/);
  expect(refusal('T | summarize hll(n)', tables)).toBe(
    'KqlUnsupportedError: unsupported: the aggregate hll() (line 1, column 15)',
  );
});

// Page "make-series operator"
test('make-series fills what is missing', () => {
  const data = `datatable(t: datetime, v: real, k: string) [
    datetime(2017-01-01 06:00), 4.0, "a", datetime(2017-01-03), 4.0, "a", datetime(2017-01-03 03:00), 6.0, "a",
    datetime(2017-01-04), 9.0, "a", datetime(2016-12-31), 9.0, "b", datetime(2017-01-02), 1.0, "b"]`;
  const axis = 'from datetime(2017-01-01) to datetime(2017-01-04) step 1d';
  expect(run(`${data} | make-series avg(v), c = count() default = -1 on t ${axis} by k`)).toEqual({
    columns: ['k: string', 'avg_v: dynamic', 'c: dynamic', 't: dynamic'],
    rows: [
      [
        'a',
        '[4.0,0.0,5.0]',
        '[1,-1,2]',
        '["2017-01-01T00:00:00.0000000Z","2017-01-02T00:00:00.0000000Z","2017-01-03T00:00:00.0000000Z"]',
      ],
      [
        'b',
        '[0.0,1.0,0.0]',
        '[-1,1,-1]',
        '["2017-01-01T00:00:00.0000000Z","2017-01-02T00:00:00.0000000Z","2017-01-03T00:00:00.0000000Z"]',
      ],
    ],
  });
  expect(rows(`${data} | where false | make-series avg(v) on t ${axis}`)).toEqual([]);
  expect(
    rows(`${data} | where false | make-series kind=nonempty avg(v) default=1.0 on t ${axis} | project avg_v`),
  ).toEqual([['[1.0,1.0,1.0]']]);
  expect(refusal(`${data} | make-series avg(v) on t step 1d`)).toMatch(
    /^KqlUnsupportedError: unsupported: make-series without from, to and step \(line 3, column \d+\)$/,
  );
});
