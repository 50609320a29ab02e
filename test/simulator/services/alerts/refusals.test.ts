import { expect, test } from 'vitest';
import { refusalsOf } from '../../../../simulator/services/alerts/refusals.ts';
import { readRule } from '../../../../simulator/services/alerts/rule.ts';
import { GROUP, rule, SCHEMA, stated } from './rules.ts';

test('a good rule is taken', () => {
  expect(refusalsOf(rule(), SCHEMA)).toEqual([]);
});

interface Refused {
  what: string;
  properties?: Record<string, unknown>;
  criterion?: Record<string, unknown>;
  why: RegExp;
}

const dimension = (name: string) => ({ name, operator: 'Include', values: ['*'] });

test.each<Refused>([
  {
    what: 'muting with auto-resolve',
    properties: { muteActionsDuration: 'PT1H' },
    why: /^Auto mitigation must be disabled when action suppression is set$/,
  },
  {
    what: 'a stateful rule that runs once a day',
    properties: { evaluationFrequency: 'P1D', windowSize: 'P1D' },
    why: /12 hours/,
  },
  { what: 'three days', properties: { overrideQueryTimeRange: 'P3D' }, why: /2 days/ },
  { what: 'a window of seven hours', properties: { windowSize: 'PT7H' }, why: /^the window is none of those/ },
  {
    what: 'an evaluation each seven minutes',
    properties: { evaluationFrequency: 'PT7M' },
    why: /^the time between two evaluations is none of those/,
  },
  { what: 'gaps between windows', properties: { windowSize: 'PT5M' }, why: /shorter/ },
  {
    what: 'seven dimensions',
    criterion: { dimensions: Array.from({ length: 7 }, () => dimension('Name')) },
    why: /7 dimensions; 6 at most/,
  },
  {
    what: '64 KB',
    properties: { actions: { actionGroups: [], customProperties: { a: 'x'.repeat(65_536) } } },
    why: /bytes; 65536 at most/,
  },
  { what: 'a measure without a column', criterion: { timeAggregation: 'Total' }, why: /needs a measure column/ },
  {
    what: 'more failing periods than periods',
    criterion: { failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 2 } },
    why: /more failing periods/,
  },
  {
    what: 'union',
    criterion: { query: 'union T, T | project Name' },
    why: /^union is not supported \(line 1, column 1\)$/,
  },
  { what: 'search', criterion: { query: 'search "a" | project Name' }, why: /^search is not supported/ },
  {
    what: 'bag_unpack',
    criterion: { query: 'T | project Name, b = bag_pack("a", 1) | evaluate bag_unpack(b)' },
    why: /^bag_unpack is not supported/,
  },
  {
    what: 'ago of no literal',
    criterion: { query: 'let d = 1h; T | where TimeGenerated > ago(d) | project Name' },
    why: /^ago\(d\) takes a timespan literal only/,
  },
  {
    what: 'take each minute',
    properties: { evaluationFrequency: 'PT1M', windowSize: 'PT1M' },
    criterion: { query: 'T | take 5 | project Name' },
    why: /^take is not supported in a rule that runs every minute/,
  },
  { what: 'an unknown column', criterion: { query: 'T | project Nam' }, why: /Nam/ },
  { what: 'an unknown table', criterion: { query: 'U | project Name' }, why: /U/ },
  {
    what: 'a dimension that is no column',
    criterion: { dimensions: [dimension('Nam')] },
    why: /^dimension Nam is no column/,
  },
  {
    what: 'a dimension of time',
    criterion: { query: 'T', dimensions: [dimension('TimeGenerated')] },
    why: /is datetime/,
  },
  {
    what: 'a measure of text',
    criterion: { timeAggregation: 'Total', metricMeasureColumn: 'Name' },
    why: /Name is no number/,
  },
  { what: 'a reserved name', criterion: { query: 'T | project Name, AggregatedValue = 1' }, why: /reserved/ },
  {
    what: 'periods without time',
    criterion: { failingPeriods: { numberOfEvaluationPeriods: 2, minFailingPeriodsToAlert: 1 } },
    why: /datetime column/,
  },
])('$what is refused', ({ properties, criterion, why }) => {
  expect(refusalsOf(rule(properties, criterion), SCHEMA)).toContainEqual(expect.stringMatching(why));
});

test('a rule that skips validation may name a table that is not there yet', () => {
  const query = { query: 'U | project Name' };
  expect(refusalsOf(rule({ skipQueryValidation: true }, query), SCHEMA)).toEqual([]);
});

test.each([
  { properties: { severity: 5 }, why: /names.*severity/s },
  { properties: { evaluationFrequency: '15 minutes' }, why: /'15 minutes' is not an ISO 8601 duration/ },
  { properties: { scopes: [] }, why: /scopes/ },
  { properties: { actions: { actionGroups: ['1', '2', '3', '4', '5', '6'] } }, why: /actionGroups/ },
])('a rule that is none says where: $why', ({ properties, why }) => {
  expect(() => readRule(stated(properties), GROUP)).toThrow(why);
});
