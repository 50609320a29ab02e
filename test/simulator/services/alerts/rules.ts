import { fromJson, type KqlColumn, type KqlDatabase, type KqlSchema } from '../../../../simulator/kql/index.ts';
import { createEngine, type Told } from '../../../../simulator/services/alerts/engine.ts';
import { type AlertRule, readRule } from '../../../../simulator/services/alerts/rule.ts';

export const GROUP = { subscriptionId: '5a1e0000-0000-4000-a000-000000000001', name: 'rg-test' };
export const WORKSPACE = `/subscriptions/${GROUP.subscriptionId}/resourceGroups/rg-Test/providers/Microsoft.OperationalInsights/workspaces/law-test`;

const COLUMNS: KqlColumn[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Name', type: 'string' },
  { name: 'Value', type: 'long' },
];
export const SCHEMA: KqlSchema = { tables: { T: COLUMNS } };

/** A stateful rule on table T, one alert per Name, as a template states it; criterion and properties can be changed. */
export function stated(properties: Record<string, unknown> = {}, criterion: Record<string, unknown> = {}) {
  return {
    type: 'Microsoft.Insights/scheduledQueryRules',
    name: 'names',
    properties: {
      description: 'Do something.',
      severity: 2,
      scopes: [WORKSPACE],
      evaluationFrequency: 'PT15M',
      windowSize: 'PT1H',
      criteria: {
        allOf: [
          {
            query: 'T | project Name, Value',
            timeAggregation: 'Count',
            dimensions: [{ name: 'Name', operator: 'Include', values: ['*'] }],
            operator: 'GreaterThan',
            threshold: 0,
            ...criterion,
          },
        ],
      },
      ...properties,
    },
  };
}

export function rule(properties: Record<string, unknown> = {}, criterion: Record<string, unknown> = {}): AlertRule {
  return readRule(stated(properties, criterion), GROUP);
}

/** `06:15` on the one day of these tests. */
export function at(time: string): Date {
  return new Date(`2026-03-02T${time}:00Z`);
}

/** Table T: a row by its time of day, its name and its value. */
export function database(rows: [time: string, name: string, value?: number][]): KqlDatabase {
  const cells = rows.map(([time, name, value = 1]) =>
    [at(time), name, value].map((cell, index) => fromJson(cell, COLUMNS[index]?.type ?? 'string')),
  );
  return { tables: { T: { columns: COLUMNS, rows: cells } } };
}

/** What one rule tells from 06:00 to a time, one line each. */
export function told(one: AlertRule, rows: Parameters<typeof database>[0], until: string): string[] {
  return createEngine([one], () => database(rows))
    .replay(at('06:00'), at(until))
    .map(line);
}

export function line({ at: when, condition, series }: Told): string {
  const about = series.dimensions.map(({ value }) => value).join('|');
  return `${when.toISOString().slice(11, 16)} ${condition} ${about}=${series.value}`;
}
