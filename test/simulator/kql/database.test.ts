import { expect, test } from 'vitest';
import { fromJson, runKql, toJson } from '../../../simulator/kql/index.ts';
import { NOW, table } from './run.ts';

const F = table({ TimeGenerated: 'datetime', Id: 'string' }, [
  ['2026-11-20T00:00:00Z', 'old'],
  ['2026-11-24T06:00:00Z', 'new'],
  ['2026-11-24T07:00:00Z', 'future'],
]);

test('a time range hides rows by TimeGenerated, both ends included', () => {
  const timeRange = { start: new Date('2026-11-20T00:00:01Z'), end: new Date('2026-11-24T06:00:00Z') };
  expect(runKql('F | project Id', { database: { tables: { F } }, now: NOW, timeRange }).rows).toEqual([['new']]);
  expect(runKql('F | project Id', { database: { tables: { F } }, now: NOW }).rows).toEqual([
    ['old'],
    ['new'],
    ['future'],
  ]);
});

test('a table that a query does not name is not read', () => {
  const read: string[] = [];
  const give = (name: string) => () => {
    read.push(name);
    return F;
  };
  const database = { tables: { F: give('F'), G: give('G') } };
  expect(runKql('F | union F | count', { database, now: NOW }).rows).toEqual([[6]]);
  expect(read).toEqual(['F']);
});

test('saved functions run, with parameters, and call each other', () => {
  const functions = {
    Recent: { parameters: '(span: timespan = 1d)', body: 'F | where TimeGenerated between (ago(span) .. now())' },
    Count: { parameters: '()', body: 'Recent(10d) | count' },
  };
  const run = (query: string) => runKql(query, { database: { tables: { F }, functions }, now: NOW }).rows;
  expect(run('Recent() | project Id')).toEqual([['new']]);
  expect(run('Recent(10d) | project Id')).toEqual([['old'], ['new']]);
  expect(run('Count')).toEqual([[2]]);
});

test('the clock is the argument', () => {
  const at = (now: string) => runKql('print x = now() - ago(1h)', { database: { tables: {} }, now: new Date(now) });
  expect(at('2000-01-01T00:00:00Z')).toEqual(at('2026-01-01T00:00:00Z'));
});

// Page "Azure Monitor Log Analytics API response format": how cells are printed
test('cells are printed as Log Analytics prints them, and read back', () => {
  const cells = [
    ['datetime', '2026-11-24T06:20:00.1234567Z', '2026-11-24T06:20:00.1234567Z'],
    ['datetime', new Date('1969-07-20T20:17:40.123Z'), '1969-07-20T20:17:40.1230000Z'],
    ['timespan', '1.02:03:04', '1.02:03:04'],
    ['long', 7, 7],
    ['long', '9007199254740993', '9007199254740993'],
    ['long', 1.5, 1],
    ['int', 3_000_000_000, null],
    ['real', 1, 1],
    ['real', 'NaN', 'NaN'],
    ['decimal', '1.50', '1.5'],
    ['bool', 'true', true],
    ['guid', '74BE27DE-1E4E-49D9-B579-FE0B331D3642', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
    ['string', null, ''],
    ['string', { a: 1 }, '{"a":1}'],
    ['long', null, null],
    ['dynamic', { a: [1, 'x', null] }, '{"a":[1,"x",null]}'],
    ['dynamic', 'plain', 'plain'],
    ['dynamic', null, null],
  ] as const;
  expect(cells.map(([type, value]) => toJson(fromJson(value, type), type))).toEqual(
    cells.map(([, , printed]) => printed),
  );
});
