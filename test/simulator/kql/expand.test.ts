import { expect, test } from 'vitest';
import { refusal, rows, run } from './run.ts';

// Page "mv-expand operator"
test('mv-expand gives a row for each item', () => {
  const data =
    'datatable(a: long, b: dynamic) [1, dynamic([10, 20]), 2, dynamic(["x"]), 3, dynamic(null), 4, dynamic([]), 5, dynamic("s")]';
  expect(run(`${data} | mv-expand b`)).toEqual({
    columns: ['a: long', 'b: dynamic'],
    rows: [
      [1, '10'],
      [1, '20'],
      [2, 'x'],
      [3, null],
      [5, 's'],
    ],
  });
  expect(run(`${data} | where a == 1 | mv-expand with_itemindex=i item = b to typeof(long)`)).toEqual({
    columns: ['a: long', 'b: dynamic', 'item: long', 'i: long'],
    rows: [
      [1, '[10,20]', 10, 0],
      [1, '[10,20]', 20, 1],
    ],
  });
  expect(rows(`${data} | where a <= 2 | mv-expand b to typeof(long)`)).toEqual([
    [1, 10],
    [1, 20],
    [2, null],
  ]);
  expect(rows(`${data} | where a == 1 | mv-expand b limit 1`)).toEqual([[1, '10']]);
  expect(rows('print a = range(1, 200) | mvexpand a | count')).toEqual([[128]]);
});

test('mv-expand of bags, and of several columns side by side', () => {
  const data = 'print b = dynamic({"p": "x", "q": "y"}), c = dynamic([5, 4, 3])';
  expect(rows(`${data} | mv-expand b | project b`)).toEqual([['{"p":"x"}'], ['{"q":"y"}']]);
  expect(rows(`${data} | mv-expand kind=array b | project k = b[0], v = b[1]`)).toEqual([
    ['p', 'x'],
    ['q', 'y'],
  ]);
  expect(rows(`${data} | mv-expand b, c`)).toEqual([
    ['{"p":"x"}', '5'],
    ['{"q":"y"}', '4'],
    [null, '3'],
  ]);
  expect(run('print d = dynamic({"list": [1, 2]}) | mv-expand d.list').columns).toEqual([
    'd: dynamic',
    'd_list: dynamic',
  ]);
});

// Page "mv-apply operator"
test('mv-apply runs a subquery over the items of each row', () => {
  const data = 'datatable(row: long, Arr: dynamic) [0, dynamic([5, 1, 3]), 1, dynamic([4, 10, 8, 7])]';
  expect(run(`${data} | mv-apply value = Arr to typeof(long) on (top 1 by value)`)).toEqual({
    columns: ['row: long', 'Arr: dynamic', 'value: long'],
    rows: [
      [0, '[5,1,3]', 5],
      [1, '[4,10,8,7]', 10],
    ],
  });
  expect(run(`${data} | mv-apply Arr to typeof(long) on (summarize total = sum(Arr), n = count())`)).toEqual({
    columns: ['row: long', 'total: long', 'n: long'],
    rows: [
      [0, 9, 3],
      [1, 29, 4],
    ],
  });
  expect(
    rows(
      `${data} | mv-apply with_itemindex=i v = Arr to typeof(long) on (where i >= 2 | extend w = v + row) | project row, w`,
    ),
  ).toEqual([
    [0, 3],
    [1, 9],
    [1, 8],
  ]);
  expect(refusal(`${data} | mv-apply v = Arr on (extend row = 1)`)).toMatch(
    /unsupported: mv-apply giving a new meaning to the column 'row' \(line 1, column \d+\)$/,
  );
});

// Page "bag_unpack plugin"
test('bag_unpack makes columns of keys', () => {
  const data = `datatable(d: dynamic, n: long) [dynamic({"Name": "John", "Age": 20}), 1, dynamic({"Name": "Dave", "Height": 170.5}), 2]`;
  expect(run(`${data} | evaluate bag_unpack(d)`)).toEqual({
    columns: ['n: long', 'Age: long', 'Height: real', 'Name: string'],
    rows: [
      [1, 20, null, 'John'],
      [2, null, 170.5, 'Dave'],
    ],
  });
  expect(run(`${data} | evaluate bag_unpack(d, 'P_')`).columns).toEqual([
    'n: long',
    'P_Age: long',
    'P_Height: real',
    'P_Name: string',
  ]);
  expect(run(`${data} | evaluate bag_unpack(d) : (*, Name: string, Age: long)`)).toEqual({
    columns: ['n: long', 'Name: string', 'Age: long'],
    rows: [
      [1, 'John', 20],
      [2, 'Dave', null],
    ],
  });
  const clash = 'datatable(Name: string, d: dynamic) ["old", dynamic({"Name": "new"})]';
  expect(rows(`${clash} | evaluate bag_unpack(d, columnsConflict='replace_source')`)).toEqual([['new']]);
  expect(rows(`${clash} | evaluate bag_unpack(d, columnsConflict='keep_source')`)).toEqual([['old']]);
  expect(refusal(`${clash} | evaluate bag_unpack(d)`)).toMatch(/a second column 'Name'/);
});

// Page "parse operator"
const trace = 'print t = "Event: Notify (name=Pipe, total=27, slice=23, at=02/17/2016 08:40:01)"';

test('parse cuts columns out of a text', () => {
  expect(
    run(`${trace} | parse t with * "name=" name ", total=" total: long * "at=" at: datetime ")" * | project-away t`),
  ).toEqual({
    columns: ['name: string', 'total: long', 'at: datetime'],
    rows: [['Pipe', 27, '2016-02-17T08:40:01.0000000Z']],
  });
  expect(rows(`${trace} | parse t with "Event: " what " (" * | project what`)).toEqual([['Notify']]);
});

test('parse gives nothing where one part does not fit, relaxed leaves that part out', () => {
  const bad = trace.replace('total=27', 'total=many');
  const pattern = '* "name=" name ", total=" total: long ", slice=" slice: long *';
  expect(rows(`${bad} | parse t with ${pattern} | project name, total, slice`)).toEqual([['', null, null]]);
  expect(rows(`${bad} | parse kind=relaxed t with ${pattern} | project name, total, slice`)).toEqual([
    ['Pipe', null, 23],
  ]);
  expect(rows(`${bad} | parse-where t with ${pattern} | count`)).toEqual([[0]]);
});

test('parse by regular expression is greedy unless flags say U', () => {
  expect(rows(`${trace} | parse kind=regex t with * "name=" name "," * | project name`)).toEqual([
    ['Pipe, total=27, slice=23'],
  ]);
  expect(rows(`${trace} | parse kind=regex flags=Ui t with * "NAME=" name "," * | project name`)).toEqual([['Pipe']]);
});
