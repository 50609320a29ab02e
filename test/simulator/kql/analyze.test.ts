import { expect, test } from 'vitest';
import { aggregateNames } from '../../../simulator/kql/aggregates/index.ts';
import { functionNames } from '../../../simulator/kql/functions/index.ts';
import { analyzeKql } from '../../../simulator/kql/index.ts';

const schema = {
  tables: {
    F: [
      { name: 'TimeGenerated', type: 'datetime' as const },
      { name: 'Id', type: 'string' as const },
    ],
  },
  functions: { Open: { parameters: '(least: long = 0)', body: 'F | where strlen(Id) > least' } },
};

test('a sound query: its columns and everything it uses, with its place', () => {
  const { diagnostics, columns, features } = analyzeKql(
    'F\n| where TimeGenerated > ago(2d)\n| join kind=leftanti (F) on Id | summarize n = count() by Id',
    schema,
  );
  expect(diagnostics).toEqual([]);
  expect(columns).toEqual([
    { name: 'Id', type: 'string' },
    { name: 'n', type: 'long' },
  ]);
  expect(
    features.map(({ kind, name, parameters, arguments: args, position }) => [
      kind,
      name,
      parameters,
      args,
      position.line,
      position.column,
    ]),
  ).toEqual([
    ['operator', 'where', {}, [], 2, 3],
    ['comparison', '>', {}, [], 2, 9],
    ['function', 'ago', {}, ['2d'], 2, 25],
    ['operator', 'join', { kind: 'leftanti' }, [], 3, 3],
    ['operator', 'summarize', {}, [], 3, 34],
    ['function', 'count', {}, [], 3, 48],
  ]);
});

test('an unknown column is a diagnostic with its place, and there are no columns', () => {
  expect(analyzeKql('F | where Nope == 1', schema)).toMatchObject({
    diagnostics: [{ code: 'KS142', severity: 'Error', start: 10, length: 4, line: 1, column: 11 }],
    columns: undefined,
  });
});

test('saved functions are known, and what only data decides stays open', () => {
  expect(analyzeKql('Open(3) | project Id', schema)).toMatchObject({
    diagnostics: [],
    columns: [{ name: 'Id', type: 'string' }],
  });
  expect(analyzeKql('print d = dynamic({}) | evaluate bag_unpack(d)', schema).columns).toBe(undefined);
});

test('every function and aggregate has a name that Azure knows', () => {
  const names = [...functionNames(), ...aggregateNames()];
  const calls = names.map((name, i) => `x${i} = ${name}(Id)`).join(', ');
  const unknown = analyzeKql(`F | summarize ${calls}`, schema).diagnostics.filter(({ code }) => code === 'KS211');
  expect(unknown).toEqual([]);
  expect(analyzeKql('F | extend x = no_such_function(Id)', schema).diagnostics.map(({ code }) => code)).toEqual([
    'KS211',
  ]);
});
