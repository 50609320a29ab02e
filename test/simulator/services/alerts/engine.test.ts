import { expect, test } from 'vitest';
import { createEngine } from '../../../../simulator/services/alerts/engine.ts';
import { at, database, line, rule, told } from './rules.ts';

const ONCE = { windowSize: 'PT15M' };

test('a stateful rule tells a time series once, and resolves it after three healthy evaluations', () => {
  expect(
    told(
      rule(ONCE),
      [
        ['06:05', 'a'],
        ['06:20', 'a'],
        ['06:20', 'b'],
      ],
      '08:00',
    ),
  ).toEqual(['06:15 Fired a=1', '06:30 Fired b=1', '07:15 Resolved a=0', '07:15 Resolved b=0']);
});

test('an unhealthy evaluation in between starts the count again', () => {
  expect(
    told(
      rule(ONCE),
      [
        ['06:05', 'a'],
        ['06:50', 'a'],
      ],
      '08:00',
    ),
  ).toEqual(['06:15 Fired a=1', '07:45 Resolved a=0']);
});

test.each([
  { evaluationFrequency: 'PT1M', windowSize: 'PT1M', rows: '06:01', resolved: '06:12' },
  { evaluationFrequency: 'PT5M', windowSize: 'PT5M', rows: '06:05', resolved: '06:25' },
  { evaluationFrequency: 'PT30M', windowSize: 'PT30M', rows: '06:30', resolved: '08:00' },
  { evaluationFrequency: 'PT12H', windowSize: 'P1D', rows: '11:00', resolved: undefined },
])('every $evaluationFrequency: resolved at $resolved', ({ rows, resolved, ...times }) => {
  const lines = told(rule(times), [[rows, 'a']], '14:00').filter((one) => one.includes('Resolved'));
  // The window holds both of its ends, so a row on the edge is seen twice.
  expect(lines).toEqual(resolved === undefined ? [] : [`${resolved} Resolved a=0`]);
});

test('without dimensions, no rows are a count of nothing, which can fire', () => {
  const missing = rule(ONCE, { dimensions: [], operator: 'LessThan', threshold: 1 });
  expect(told(missing, [['06:35', 'a']], '07:30')).toEqual(['06:00 Fired =0']);
  const steady = ['06:00', '06:10', '06:20', '06:40'].map((time): [string, string] => [time, 'a']);
  expect(told(missing, steady, '07:15')).toEqual(['07:00 Fired =0']);
});

test('a stateless rule tells at every evaluation, and is silent while it is muted', () => {
  const rows: [string, string][] = [['06:01', 'a']];
  expect(told(rule({ autoMitigate: false }), rows, '07:30')).toHaveLength(4);
  expect(told(rule({ autoMitigate: false, muteActionsDuration: 'PT30M' }), rows, '07:30')).toEqual([
    '06:15 Fired a=1',
    '06:45 Fired a=1',
  ]);
});

test('a stateful rule tells of 300 at most in one evaluation, and of the others in the next', () => {
  const many = Array.from({ length: 700 }, (_, index): [string, string] => ['06:05', `n${index}`]);
  const lines = told(rule(), many, '06:45');
  expect(['06:15', '06:30', '06:45'].map((time) => lines.filter((one) => one.startsWith(time)).length)).toEqual([
    300, 300, 100,
  ]);
});

test.each([
  { timeAggregation: 'Total', value: 9 },
  { timeAggregation: 'Average', value: 3 },
  { timeAggregation: 'Minimum', value: 1 },
  { timeAggregation: 'Maximum', value: 6 },
])('$timeAggregation of a column', ({ timeAggregation, value }) => {
  const rows: [string, string, number][] = [
    ['06:01', 'a', 2],
    ['06:01', 'a', 6],
    ['06:01', 'a', 1],
  ];
  expect(told(rule({}, { timeAggregation, metricMeasureColumn: 'Value' }), rows, '06:15')).toEqual([
    `06:15 Fired a=${value}`,
  ]);
});

test.each([
  { operator: 'Equals', threshold: 2, fires: true },
  { operator: 'GreaterThanOrEqual', threshold: 2, fires: true },
  { operator: 'GreaterThan', threshold: 2, fires: false },
  { operator: 'LessThanOrEqual', threshold: 2, fires: true },
  { operator: 'LessThan', threshold: 2, fires: false },
])('two rows, $operator $threshold: $fires', ({ fires, ...criterion }) => {
  expect(
    told(
      rule({}, criterion),
      [
        ['06:01', 'a'],
        ['06:02', 'a'],
      ],
      '06:15',
    ),
  ).toHaveLength(fires ? 1 : 0);
});

test('a dimension can be narrowed', () => {
  const rows: [string, string][] = [
    ['06:01', 'a'],
    ['06:01', 'b'],
  ];
  const dimensions = (operator: string) => ({ dimensions: [{ name: 'Name', operator, values: ['a'] }] });
  expect(told(rule({}, dimensions('Include')), rows, '06:15')).toEqual(['06:15 Fired a=1']);
  expect(told(rule({}, dimensions('Exclude')), rows, '06:15')).toEqual(['06:15 Fired b=1']);
});

test('a datetime column in the result cuts it by the window: what is older is not counted', () => {
  const binned = rule(
    { windowSize: 'PT15M', overrideQueryTimeRange: 'PT6H' },
    { query: 'T | project TimeGenerated, Name' },
  );
  const whole = rule({ windowSize: 'PT15M', overrideQueryTimeRange: 'PT6H' }, { query: 'T | project Name' });
  expect(told(binned, [['06:05', 'a']], '08:00')).toEqual(['06:15 Fired a=1', '07:00 Resolved a=0']);
  expect(told(whole, [['06:05', 'a']], '08:00')).toEqual(['06:15 Fired a=1']);
});

test('with several evaluation periods, so many of them must fail', () => {
  const periods = rule(
    { windowSize: 'PT15M' },
    {
      query: 'T | project TimeGenerated, Name',
      failingPeriods: { numberOfEvaluationPeriods: 4, minFailingPeriodsToAlert: 2 },
    },
  );
  expect(told(periods, [['06:05', 'a']], '07:00')).toEqual([]);
  expect(
    told(
      periods,
      [
        ['06:05', 'a'],
        ['06:35', 'a'],
      ],
      '07:00',
    ),
  ).toEqual(['06:45 Fired a=1']);
});

test('a query that cannot be evaluated resolves nothing, and after a week the rule is switched off', () => {
  let broken = false;
  const engine = createEngine([rule()], () => (broken ? { tables: {} } : database([['06:05', 'a']])));
  expect(engine.evaluate(at('06:15')).map(line)).toEqual(['06:15 Fired a=1']);
  broken = true;
  const week = new Date(at('06:30').getTime() + 7 * 86_400_000);
  expect(engine.replay(at('06:30'), week)).toEqual([]);
  expect(engine.failures[0]).toMatchObject({ rule: 'names', at: at('06:30'), reason: expect.stringContaining('T') });
  expect(engine.failures).toHaveLength(7 * 96);
});

test('a result of more than 20 MB is no result', () => {
  const long = 'x'.repeat(50_000);
  const rows = Array.from({ length: 401 }, (_, index): [string, string] => ['06:05', `${index}${long}`]);
  const engine = createEngine([rule()], () => database(rows));
  expect(engine.evaluate(at('06:15'))).toEqual([]);
  expect(engine.failures.map(({ reason }) => reason)).toEqual([expect.stringMatching(/20000000 at most/)]);
});

test('a rule that is not enabled is not evaluated', () => {
  expect(told(rule({ enabled: false }), [['06:05', 'a']], '07:00')).toEqual([]);
});
