import * as z from 'zod';
import { jsonOf } from '../json.ts';
import type { AlertCall } from '../model/alert.ts';

/** Azure's own limit for the payload, and ours. */
export const MOST_BYTES = 256 * 1024;

/** A call that is not answered with a report; `status` is what the caller gets. */
export interface RefusedCall {
  status: 400 | 413;
  reason: string;
}

const Dimension = z.object({ name: z.string(), value: z.string() });
const AllOf = z.array(z.object({ dimensions: z.array(Dimension).nullish() })).nullish();

// The page's field table says alertRuleID, its sample alertRuleId; resolvedDateTime may be absent for log alerts.
// Source: azure-monitor-docs, alerts-common-schema.md; facts §5.2
const CommonAlert = z.object({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.object({
    essentials: z.object({
      alertId: z.string().min(1).max(500),
      alertRule: z.string().min(1).max(300),
      alertRuleID: z.string().optional(),
      alertRuleId: z.string().optional(),
      severity: z.string().regex(/^Sev[0-4]$/),
      monitorCondition: z.enum(['Fired', 'Resolved']),
      firedDateTime: z.iso.datetime(),
      resolvedDateTime: z.iso.datetime().nullish(),
    }),
    alertContext: z.object({ condition: z.object({ allOf: AllOf }).nullish() }).nullish(),
  }),
});

/**
 * Reads the body of an action group's call. Only the common alert schema, only rules in `rulesScopes` (ids of resource
 * groups): whoever forges a call can at most make us tell the truth again. `now`: when it came, and so when an alert was
 * resolved that does not say so, as those of logs do not.
 */
export function readAlertCall(body: string, rulesScopes: string[], now: Date): AlertCall | RefusedCall {
  if (Buffer.byteLength(body) > MOST_BYTES) return { status: 413, reason: `more than ${MOST_BYTES} bytes` };
  const read = CommonAlert.safeParse(jsonOf(body));
  if (!read.success) {
    const [first] = read.error.issues;
    return { status: 400, reason: `not the common alert schema: ${first?.path.join('.')} ${first?.message}` };
  }
  const { essentials, alertContext } = read.data.data;
  const ruleId = essentials.alertRuleID ?? essentials.alertRuleId;
  if (!rulesScopes.some((scope) => ruleId?.toLowerCase().startsWith(`${scope.toLowerCase()}/providers/`))) {
    return { status: 400, reason: 'not one of our alert rules' };
  }
  const dimensions = (alertContext?.condition?.allOf ?? []).flatMap((one) => one.dimensions ?? []);
  const { monitorCondition: condition, firedDateTime, resolvedDateTime } = essentials;
  return {
    alertId: essentials.alertId,
    rule: essentials.alertRule,
    condition,
    severity: essentials.severity,
    at: new Date(condition === 'Resolved' ? (resolvedDateTime ?? now) : firedDateTime).toISOString(),
    dimensions: Object.fromEntries(dimensions.map(({ name, value }) => [name, value])),
  };
}

export function isRefused(call: AlertCall | RefusedCall): call is RefusedCall {
  return 'status' in call;
}
