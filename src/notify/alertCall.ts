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

const Dimension = z.object({ name: z.string(), value: z.string().nullish() });
const AllOf = z.array(z.object({ dimensions: z.array(Dimension).nullish() })).nullish();

const Instant = z.iso.datetime({ offset: true, local: true });
/** What a dimension is given where a finding has nothing to say there: infra/alerts/finding.kql */
const NOTHING = '-';
/** What our rules say of themselves: infra/modules/alerts.bicep */
const Own = z.object({ environment: z.string(), rule: z.string() });
const REGISTRY_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerRegistry\/registries\/([a-z0-9]{1,50})$/i;

// The page's field table says alertRuleID, its sample alertRuleId, and "may not appear in all alert payloads"; resolvedDateTime
// may be absent for log alerts. Who did what the activity log tells of, and where, stands in the context. Source:
// azure-monitor-docs, alerts-common-schema.md and alerts-payload-samples.md; facts §5.2
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
      firedDateTime: Instant,
      resolvedDateTime: Instant.nullish(),
      alertTargetIDs: z.array(z.string()).nullish().catch(null),
    }),
    alertContext: z
      .object({
        condition: z.object({ allOf: AllOf }).nullish(),
        properties: Own.nullish().catch(null),
        authorization: z.object({ scope: z.string() }).nullish().catch(null),
        caller: z.string().min(1).max(300).nullish().catch(null),
      })
      .nullish(),
    customProperties: Own.nullish().catch(null),
  }),
});

/** Whose calls are answered. */
export interface OwnRules {
  /** ids of the resource groups with our alert rules */
  scopes: string[];
  /** what our rules name as their environment */
  environment: string;
}

/**
 * Reads the body of an action group's call. Only the common alert schema, only our own rules, which are known by where they
 * are or, where a call does not say that, by what they send along: whoever forges a call can at most make us tell the truth
 * again. `now`: when it came, and so when an alert was resolved that does not say so, as those of logs do not.
 */
export function readAlertCall(body: string, rules: OwnRules, now: Date): AlertCall | RefusedCall {
  if (Buffer.byteLength(body) > MOST_BYTES) return { status: 413, reason: `more than ${MOST_BYTES} bytes` };
  const read = CommonAlert.safeParse(jsonOf(body));
  if (!read.success) {
    const [first] = read.error.issues;
    return { status: 400, reason: `not the common alert schema: ${first?.path.join('.')} ${first?.message}` };
  }
  const { essentials, alertContext, customProperties } = read.data.data;
  const ruleId = essentials.alertRuleID ?? essentials.alertRuleId;
  const own = customProperties ?? alertContext?.properties;
  const isOurs =
    ruleId === undefined
      ? own?.environment === rules.environment
      : rules.scopes.some((scope) => ruleId.toLowerCase().startsWith(`${scope.toLowerCase()}/providers/`));
  if (!isOurs) {
    return { status: 400, reason: 'not one of our alert rules' };
  }
  const dimensions = (alertContext?.condition?.allOf ?? []).flatMap((one) => one.dimensions ?? []);
  const { monitorCondition: condition, firedDateTime, resolvedDateTime } = essentials;
  const at = condition === 'Fired' ? firedDateTime : resolvedDateTime;
  const registryName = registryIn([...(essentials.alertTargetIDs ?? []), alertContext?.authorization?.scope ?? '']);
  const caller = alertContext?.caller;
  return {
    alertId: essentials.alertId,
    // The name that the template gave it, whatever the portal shows.
    rule: own?.rule ?? essentials.alertRule,
    condition,
    severity: essentials.severity,
    at: at ? utcOf(at) : now.toISOString(),
    dimensions: Object.fromEntries(
      dimensions.map(({ name, value }) => [name, value && value !== NOTHING ? value : '']),
    ),
    ...(registryName && { registryName }),
    ...(caller && { caller }),
  };
}

/** The name of the one registry among some ids; undefined where there is none, or more than one. */
function registryIn(ids: string[]): string | undefined {
  const names = new Set(ids.flatMap((id) => REGISTRY_ID.exec(id)?.[1]?.toLowerCase() ?? []));
  return names.size === 1 ? [...names][0] : undefined;
}

/** Without a zone it is UTC, as everything in the schema is. */
function utcOf(instant: string): string {
  return new Date(/(Z|[+-]\d\d:\d\d)$/i.test(instant) ? instant : `${instant}Z`).toISOString();
}

export function isRefused(call: AlertCall | RefusedCall): call is RefusedCall {
  return 'status' in call;
}
