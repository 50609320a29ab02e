import { z } from 'zod';
import { durationMs } from '../logsQuery/timespan.ts';

const duration = z.string().transform((text, context) => {
  const ms = durationMs(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `'${text}' is not an ISO 8601 duration such as PT15M` });
  return z.NEVER;
});

const criterion = z.object({
  query: z.string().min(1),
  timeAggregation: z.enum(['Count', 'Average', 'Minimum', 'Maximum', 'Total']),
  metricMeasureColumn: z.string().nullish(),
  dimensions: z
    .array(z.object({ name: z.string(), operator: z.enum(['Include', 'Exclude']), values: z.array(z.string()) }))
    .default([]),
  operator: z.enum(['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual']),
  threshold: z.number(),
  failingPeriods: z
    .object({ numberOfEvaluationPeriods: z.int().min(1).max(6), minFailingPeriodsToAlert: z.int().min(1).max(6) })
    .default({ numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }),
});

const resource = z.object({
  name: z.string().min(1),
  properties: z.object({
    displayName: z.string().optional(),
    description: z.string().max(4096).default(''),
    severity: z.int().min(0).max(4),
    enabled: z.boolean().default(true),
    scopes: z.array(z.string()).min(1),
    targetResourceTypes: z.array(z.string()).default([]),
    evaluationFrequency: duration,
    windowSize: duration,
    overrideQueryTimeRange: duration.nullish(),
    criteria: z.object({ allOf: z.tuple([criterion]) }),
    autoMitigate: z.boolean().default(true),
    muteActionsDuration: duration.nullish(),
    skipQueryValidation: z.boolean().default(false),
    actions: z
      .object({
        actionGroups: z.array(z.string()).max(5),
        customProperties: z.record(z.string(), z.string()).default({}),
      })
      .default({ actionGroups: [], customProperties: {} }),
  }),
});

/** A log search alert rule (Microsoft.Insights/scheduledQueryRules, kind LogAlert); durations in milliseconds. */
export interface AlertRule extends z.infer<typeof criterion> {
  id: string;
  name: string;
  displayName: string;
  description: string;
  severity: number;
  enabled: boolean;
  scopes: string[];
  frequencyMs: number;
  windowMs: number;
  /** how far back the query sees */
  rangeMs: number;
  autoMitigate: boolean;
  muteMs: number | undefined;
  skipQueryValidation: boolean;
  actionGroups: string[];
  customProperties: Record<string, string>;
  /** the length of what Azure stores of it */
  bytes: number;
}

/** Reads a rule as a template states it. Throws, naming the rule and every property that is wrong. */
export function readRule(stated: unknown, group: { subscriptionId: string; name: string }): AlertRule {
  const read = resource.safeParse(stated);
  if (!read.success) {
    const name = z.object({ name: z.string() }).safeParse(stated).data?.name ?? 'without a name';
    throw new Error(`alert rule ${name}: ${z.prettifyError(read.error)}`);
  }
  const { name, properties } = read.data;
  const [condition] = properties.criteria.allOf;
  const { numberOfEvaluationPeriods: periods } = condition.failingPeriods;
  return {
    ...condition,
    id: `/subscriptions/${group.subscriptionId}/resourceGroups/${group.name}/providers/microsoft.insights/scheduledqueryrules/${name}`,
    name,
    displayName: properties.displayName ?? name,
    description: properties.description,
    severity: properties.severity,
    enabled: properties.enabled,
    scopes: properties.scopes,
    frequencyMs: properties.evaluationFrequency,
    windowMs: properties.windowSize,
    rangeMs: properties.overrideQueryTimeRange ?? properties.windowSize * periods,
    autoMitigate: properties.autoMitigate,
    muteMs: properties.muteActionsDuration ?? undefined,
    skipQueryValidation: properties.skipQueryValidation,
    actionGroups: properties.actions.actionGroups,
    customProperties: properties.actions.customProperties,
    bytes: Buffer.byteLength(JSON.stringify(properties)),
  };
}
