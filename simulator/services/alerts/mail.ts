import type { AlertPayload } from './payload.ts';

export interface Mail {
  to: string[];
  subject: string;
  text: string;
}

/**
 * The mail that an action group sends of an alert in the common alert schema. The subject is put together by Azure and
 * names the rule and the workspace, never the finding: that stands in the dimensions. As mails that people published
 * show it: `Fired:Sev3 Azure Monitor Alert IISWebsiteStatus on ftpfileshare ( microsoft.compute/virtualmachines ) at
 * 4/1/2022 12:22:43 PM`.
 */
export function mailOf({ data }: AlertPayload, to: string[]): Mail {
  const { essentials, alertContext } = data;
  const [condition] = alertContext.condition.allOf;
  const [target = ''] = essentials.alertTargetIDs;
  const parts = target.split('/');
  const type = `${parts.at(-3)}/${parts.at(-2)}`;
  const at = new Date(
    'resolvedDateTime' in essentials && essentials.resolvedDateTime
      ? essentials.resolvedDateTime
      : essentials.firedDateTime,
  );
  const lines: [string, string][] = [
    ['Alert name', essentials.alertRule],
    ['Severity', essentials.severity],
    ['Monitor condition', essentials.monitorCondition],
    ['Affected resource', parts.at(-1) ?? ''],
    ['Resource type', type],
    ['Resource group', parts[4] ?? ''],
    ['Description', essentials.description],
    ['Monitoring service', essentials.monitoringService],
    ['Signal type', essentials.signalType],
    ['Fired time', essentials.firedDateTime],
    ['Alert ID', essentials.alertId],
    ['Alert rule ID', essentials.alertRuleID],
    ...(condition?.dimensions ?? []).map(({ name, value }): [string, string] => [`Dimension ${name}`, value]),
    ['Time aggregation', condition?.timeAggregation ?? ''],
    ['Operator', condition?.operator ?? ''],
    ['Threshold', condition?.threshold ?? ''],
    ['Metric value', String(condition?.metricValue ?? '')],
    ['Query results', condition?.linkToFilteredSearchResultsUI ?? ''],
    ...Object.entries(data.customProperties ?? {}),
  ];
  return {
    to,
    subject: `${essentials.monitorCondition}:${essentials.severity} Azure Monitor Alert ${essentials.alertRule} on ${parts.at(-1)} ( ${type} ) at ${american(at)}`,
    text: `${lines.map(([name, value]) => `${name}: ${oneLine(value)}`).join('\n')}\n`,
  };
}

/** Month first, twelve hours, UTC. */
function american(at: Date): string {
  const hours = at.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${hours % 12 === 0 ? 12 : hours % 12}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${time} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** A value cannot start a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
