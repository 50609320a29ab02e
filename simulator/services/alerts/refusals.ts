import { analyzeKql, type KqlAnalysis, type KqlFeature, type KqlSchema } from '../../kql/index.ts';
import type { AlertRule } from './rule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MOST_RANGE_MS = 48 * HOUR_MS;
/** What both windowSize and evaluationFrequency may be: facts §5.1 */
const EITHER_MS = [
  ...[1, 5, 10, 15, 30, 45].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 5, 6, 24].map((hours) => hours * HOUR_MS),
];
const WINDOWS_MS = [...EITHER_MS, 48 * HOUR_MS];
const FREQUENCIES_MS = [...EITHER_MS, 12 * HOUR_MS];
const MOST_RULE_BYTES = 65_536;
const MOST_DIMENSIONS = 6;

/** Microsoft's page on creating log search alert rules: "Alert queries don't support these". */
const FORBIDDEN_OPERATORS = ['union', 'search'];
/** Neither does a rule that runs every minute. */
const FORBIDDEN_EACH_MINUTE = ['take', 'limit', 'ingestion_time', 'adx'];
const FORBIDDEN_FUNCTIONS = ['bag_unpack', 'pivot', 'narrow'];
const DIMENSION_TYPES = ['string', 'int', 'long', 'real', 'decimal', 'bool', 'guid'];
const NUMBERS = ['int', 'long', 'real', 'decimal'];

/**
 * Why Azure would not take a rule, one sentence each; empty for a good one. The query is looked at as Azure looks at it:
 * against the tables that are there, unless the rule says to skip that.
 */
export function refusalsOf(rule: AlertRule, schema: KqlSchema): string[] {
  const analysis = analyzeKql(rule.query, schema);
  const { numberOfEvaluationPeriods, minFailingPeriodsToAlert } = rule.failingPeriods;
  const refusals: [boolean, string][] = [
    [rule.autoMitigate && rule.muteMs !== undefined, 'Auto mitigation must be disabled when action suppression is set'],
    [rule.autoMitigate && rule.frequencyMs > 12 * HOUR_MS, 'a stateful rule runs every 12 hours or more often'],
    [rule.rangeMs > MOST_RANGE_MS, 'a query looks back 2 days at most'],
    [!WINDOWS_MS.includes(rule.windowMs), 'the window is none of those that Azure knows'],
    [!FREQUENCIES_MS.includes(rule.frequencyMs), 'the time between two evaluations is none of those that Azure knows'],
    [rule.windowMs < rule.frequencyMs, 'the window is shorter than the time between two evaluations'],
    [rule.dimensions.length > MOST_DIMENSIONS, `${rule.dimensions.length} dimensions; ${MOST_DIMENSIONS} at most`],
    [rule.bytes > MOST_RULE_BYTES, `the properties have ${rule.bytes} bytes; ${MOST_RULE_BYTES} at most`],
    [rule.name.includes(';'), "the name of a rule with an identity has no ';'"],
    [minFailingPeriodsToAlert > numberOfEvaluationPeriods, 'more failing periods than periods'],
    [rule.timeAggregation !== 'Count' && !rule.metricMeasureColumn, `${rule.timeAggregation} needs a measure column`],
  ];
  return [
    ...refusals.filter(([is]) => is).map(([, why]) => why),
    ...analysis.features.flatMap((feature) => featureRefusal(feature, rule)),
    ...(rule.skipQueryValidation ? [] : queryRefusals(rule, analysis)),
  ];
}

function featureRefusal(
  { kind, name, text, arguments: given, position }: KqlFeature,
  { frequencyMs }: AlertRule,
): string[] {
  const at = `line ${position.line}, column ${position.column}`;
  if (kind === 'operator' && FORBIDDEN_OPERATORS.includes(name)) return [`${name} is not supported (${at})`];
  if (frequencyMs <= MINUTE_MS && FORBIDDEN_EACH_MINUTE.includes(name))
    return [`${name} is not supported in a rule that runs every minute (${at})`];
  if (kind !== 'function') return [];
  if (FORBIDDEN_FUNCTIONS.includes(name)) return [`${name} is not supported (${at})`];
  if (name === 'ago' && !/^\d+(\.\d+)?(d|h|m|min|minute|s|sec|ms)$/.test(given[0] ?? ''))
    return [`${text} takes a timespan literal only (${at})`];
  return [];
}

function queryRefusals(rule: AlertRule, { diagnostics, columns }: KqlAnalysis): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'Error');
  if (errors.length > 0)
    return errors.map(({ code, message, line, column }) => `${code}: ${message} (line ${line}, column ${column})`);
  if (columns === undefined) return ['the columns of the result are not known before the query runs'];
  const hasTime = columns.some(({ type }) => type === 'datetime');
  const typeOf = (name: string): string | undefined => columns.find((column) => column.name === name)?.type;
  const refusals = rule.dimensions.flatMap(({ name }) => {
    const type = typeOf(name);
    if (type === undefined) return [`dimension ${name} is no column of the result`];
    return DIMENSION_TYPES.includes(type) ? [] : [`dimension ${name} is ${type}: only texts and numbers can be one`];
  });
  const measure = rule.metricMeasureColumn;
  if (measure && !NUMBERS.includes(typeOf(measure) ?? ''))
    refusals.push(`measure column ${measure} is no number of the result`);
  if (columns.some(({ name }) => name === 'AggregatedValue')) refusals.push('AggregatedValue is a reserved name');
  if (rule.failingPeriods.numberOfEvaluationPeriods > 1 && !hasTime)
    refusals.push('several evaluation periods need a datetime column in the result');
  return refusals;
}
