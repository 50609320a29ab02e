import {
  type KqlColumn,
  type KqlDatabase,
  KqlError,
  type KqlTable,
  type KqlValue,
  type Row,
  runKql,
  toJson,
} from '../../kql/index.ts';
import { instantOf } from '../../kql/values/datetime.ts';
import type { AlertRule } from './rule.ts';

/** One combination of dimension values and what was measured for it. */
export interface Series {
  dimensions: { name: string; value: string }[];
  value: number;
  /** whether the condition is met */
  met: boolean;
}

export interface Evaluation {
  series: Series[];
  start: Date;
  end: Date;
}

/** A query that could not be evaluated: nothing fires, and nothing resolves. */
export class EvaluationError extends Error {
  override name = 'EvaluationError';
}

const MOST_RESULT_BYTES = 20_000_000;

/** One evaluation of a rule: what the query sees by TimeGenerated, cut into time series, each compared. */
export function evaluateRule(rule: AlertRule, database: KqlDatabase, at: Date): Evaluation {
  const start = new Date(at.getTime() - rule.rangeMs);
  const result = run(rule, { database, now: at, timeRange: { start, end: at } });
  const groups = new Map<string, { dimensions: Series['dimensions']; rows: Row[] }>();
  // Without dimensions there is one time series even when there are no rows; with them, none for an absent value.
  if (rule.dimensions.length === 0) groups.set('[]', { dimensions: [], rows: [] });
  for (const row of result.rows) {
    const dimensions = rule.dimensions.map(({ name }) => ({ name, value: cellText(result.columns, row, name) }));
    if (!isWanted(rule, dimensions)) continue;
    const key = seriesKey(dimensions);
    const group = groups.get(key) ?? { dimensions, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  const series = [...groups.values()].flatMap(({ dimensions, rows }): Series[] => {
    const periods = periodsOf(rule, result.columns, rows, at);
    const values = periods.flatMap((own) => measure(rule, result.columns, own) ?? []);
    const [newest] = values;
    if (newest === undefined) return [];
    const failing = values.filter((value) => compares(value, rule)).length;
    return [{ dimensions, value: newest, met: failing >= rule.failingPeriods.minFailingPeriodsToAlert }];
  });
  return { series, start, end: at };
}

export function seriesKey(dimensions: Series['dimensions']): string {
  return JSON.stringify(dimensions.map(({ value }) => value));
}

function run(rule: AlertRule, options: Parameters<typeof runKql>[1]): KqlTable {
  try {
    const result = runKql(rule.query, options);
    const bytes = result.rows.length * result.columns.length + textBytes(result);
    if (bytes > MOST_RESULT_BYTES)
      throw new EvaluationError(`the result has ${bytes} bytes; ${MOST_RESULT_BYTES} at most`);
    return result;
  } catch (error) {
    if (error instanceof KqlError) throw new EvaluationError(error.message, { cause: error });
    throw error;
  }
}

function textBytes({ rows }: KqlTable): number {
  let bytes = 0;
  for (const row of rows) for (const cell of row) bytes += typeof cell === 'string' ? cell.length : 8;
  return bytes;
}

function cellText(columns: readonly KqlColumn[], row: Row, name: string): string {
  const at = columns.findIndex((column) => column.name === name);
  const type = columns[at]?.type;
  if (type === undefined) throw new EvaluationError(`dimension ${name} is no column of the result`);
  return String(toJson(row[at] ?? null, type) ?? '');
}

function isWanted(rule: AlertRule, dimensions: Series['dimensions']): boolean {
  return rule.dimensions.every(({ operator, values }, index) => {
    const listed = values.includes('*') || values.includes(dimensions[index]?.value ?? '');
    return operator === 'Include' ? listed : !listed;
  });
}

/**
 * The rows of each evaluation period, newest first. A result with a datetime column is cut by it at the window; one
 * without is one period as a whole.
 */
function periodsOf(rule: AlertRule, columns: readonly KqlColumn[], rows: Row[], at: Date): Row[][] {
  const time = columns.findIndex(({ type }) => type === 'datetime');
  if (time < 0) return [rows];
  return Array.from({ length: rule.failingPeriods.numberOfEvaluationPeriods }, (_, period) => {
    const end = at.getTime() - period * rule.windowMs;
    return rows.filter((row) => {
      const ms = msOf(row[time] ?? null);
      return ms !== undefined && ms <= end && ms > end - rule.windowMs;
    });
  });
}

function msOf(cell: KqlValue): number | undefined {
  return typeof cell === 'number' || typeof cell === 'bigint' ? instantOf(cell).ms : undefined;
}

function measure(rule: AlertRule, columns: readonly KqlColumn[], rows: Row[]): number | undefined {
  if (rule.timeAggregation === 'Count') return rows.length;
  const at = columns.findIndex(({ name }) => name === rule.metricMeasureColumn);
  const values = rows.flatMap((row) => {
    const cell = row[at] ?? null;
    return cell === null ? [] : [Number(cell)];
  });
  if (values.length === 0) return undefined;
  const total = values.reduce((sum, value) => sum + value, 0);
  switch (rule.timeAggregation) {
    case 'Total':
      return total;
    case 'Average':
      return total / values.length;
    case 'Minimum':
      return values.reduce((least, value) => Math.min(least, value));
    case 'Maximum':
      return values.reduce((most, value) => Math.max(most, value));
  }
}

function compares(value: number, { operator, threshold }: AlertRule): boolean {
  switch (operator) {
    case 'Equals':
      return value === threshold;
    case 'GreaterThan':
      return value > threshold;
    case 'GreaterThanOrEqual':
      return value >= threshold;
    case 'LessThan':
      return value < threshold;
    case 'LessThanOrEqual':
      return value <= threshold;
  }
}
