import type { Told } from './engine.ts';

/**
 * The call of an action group: common alert schema, Log Alerts V2. Results of the query are never in it, only
 * dimensions, the value and links.
 * Sources: azure-monitor-docs `alerts-common-schema.md` (essentials), `alerts-payload-samples.md` (LogQueryCriteria).
 */
export function payloadOf({ rule, condition, alertId, at, firedAt, series, evaluation }: Told) {
  const [scope = ''] = rule.scopes;
  const links = linksOf(scope, rule.query, evaluation);
  const filtered = linksOf(scope, `${rule.query}${series.dimensions.map(filter).join('')}`, evaluation);
  const shown = Object.keys(rule.customProperties).length > 0 ? rule.customProperties : null;
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId,
        alertRule: rule.name,
        alertRuleID: rule.id,
        severity: `Sev${rule.severity}`,
        signalType: 'Log',
        monitorCondition: condition,
        monitoringService: 'Log Alerts V2',
        alertTargetIDs: [scope.toLowerCase()],
        configurationItems: itemsOf(series.dimensions, scope),
        originAlertId: alertId.split('/').at(-1) ?? '',
        firedDateTime: precise(firedAt),
        ...(condition === 'Resolved' ? { resolvedDateTime: precise(at) } : {}),
        description: rule.description,
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        properties: shown,
        conditionType: 'LogQueryCriteria',
        condition: {
          windowSize: iso(rule.windowMs),
          allOf: [
            {
              searchQuery: rule.query,
              metricMeasureColumn: rule.metricMeasureColumn ?? null,
              targetResourceTypes: "['Microsoft.OperationalInsights/workspaces']",
              operator: rule.operator,
              threshold: String(rule.threshold),
              timeAggregation: rule.timeAggregation,
              dimensions: series.dimensions,
              metricValue: series.value,
              failingPeriods: rule.failingPeriods,
              linkToSearchResultsUI: links.ui,
              linkToFilteredSearchResultsUI: filtered.ui,
              linkToSearchResultsAPI: links.api,
              linkToFilteredSearchResultsAPI: filtered.api,
            },
          ],
          windowStartTime: precise(evaluation.start),
          windowEndTime: precise(evaluation.end),
        },
      },
      customProperties: shown,
    },
  };
}

/** The body of an action group's call. */
export type AlertPayload = ReturnType<typeof payloadOf>;

/** Dimensions of these names say what the alert is about; else it is the scope. */
const ITEM_NAMES = ['_ResourceId', 'ResourceId', 'Resource', 'Computer'];

function itemsOf(dimensions: Told['series']['dimensions'], scope: string): string[] {
  const named = dimensions.filter(({ name }) => ITEM_NAMES.includes(name)).map(({ value }) => value);
  return named.length > 0 ? named : [scope];
}

function filter({ name, value }: { name: string; value: string }): string {
  return `| where tostring(column_ifexists(@'${name}', '')) == @'${value.replaceAll("'", "''")}'\n`;
}

function linksOf(scope: string, query: string, { start, end }: Told['evaluation']): { ui: string; api: string } {
  const span = `${start.toISOString()}/${end.toISOString()}`;
  const where = encodeURIComponent(JSON.stringify({ resources: [{ resourceId: scope }] }));
  return {
    ui: `https://portal.azure.com#blade/Microsoft_Azure_Monitoring_Logs/LogsBlade/source/Alerts.EmailLinks/scope/${where}/query/${encodeURIComponent(query)}/timespan/${encodeURIComponent(span)}`,
    api: `https://api.loganalytics.io/v1${scope}/query?query=${encodeURIComponent(query)}&timespan=${encodeURIComponent(span)}`,
  };
}

/** Azure prints seven digits of a second. */
function precise(at: Date): string {
  return at.toISOString().replace('Z', '0000Z');
}

function iso(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes % 1440 === 0) return `P${minutes / 1440}D`;
  return minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`;
}
