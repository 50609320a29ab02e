import { describe, expect, it } from 'vitest';
import { MOST_BYTES, readAlertCall } from '../../src/notify/alertCall.ts';

const SCOPE = '/subscriptions/s1/resourceGroups/rg-acr-warden-prod';
const RULE_ID = `${SCOPE}/providers/microsoft.insights/scheduledqueryrules/finding-high`;

interface Change {
  essentials?: Record<string, unknown>;
  alertContext?: unknown;
  customProperties?: unknown;
  schemaId?: string;
}

/** A call as Log Alerts V2 makes it: azure-monitor-docs, alerts-payload-samples. */
function call({ essentials = {}, schemaId = 'azureMonitorCommonAlertSchema', ...rest }: Change = {}): string {
  return JSON.stringify({
    schemaId,
    data: {
      essentials: {
        alertId: '/subscriptions/s1/providers/Microsoft.AlertsManagement/alerts/a1',
        alertRule: 'finding-high',
        alertRuleID: RULE_ID,
        severity: 'Sev2',
        signalType: 'Log',
        monitorCondition: 'Fired',
        monitoringService: 'Log Alerts V2',
        firedDateTime: '2026-11-24T06:20:00.1234567Z',
        ...essentials,
      },
      alertContext: {
        properties: null,
        conditionType: 'LogQueryCriteria',
        condition: {
          windowSize: 'PT15M',
          allOf: [{ dimensions: [{ name: 'FindingId', value: '0123456789abcdef' }], metricValue: 1, threshold: '0' }],
        },
      },
      ...('alertContext' in rest && { alertContext: rest.alertContext }),
      customProperties: rest.customProperties ?? null,
    },
  });
}

const OTHER = '/subscriptions/s2/resourceGroups/rg-x';
const REGISTRY = '/subscriptions/s1/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/shop';
const OURS = { scopes: [OTHER, SCOPE], environment: 'prod' };
const CAME = new Date('2026-11-28T06:31:00Z');

const READ = {
  alertId: '/subscriptions/s1/providers/Microsoft.AlertsManagement/alerts/a1',
  rule: 'finding-high',
  condition: 'Fired',
  severity: 'Sev2',
  at: '2026-11-24T06:20:00.123Z',
  dimensions: { FindingId: '0123456789abcdef' },
};

describe('reading the call of an action group', () => {
  it.each([
    { what: 'a fired alert', body: call(), read: READ },
    {
      what: 'the other spelling of the rule id, in another letter case',
      body: call({ essentials: { alertRuleID: undefined, alertRuleId: RULE_ID.toUpperCase() } }),
      read: READ,
    },
    {
      what: 'a resolved alert with its time',
      body: call({ essentials: { monitorCondition: 'Resolved', resolvedDateTime: '2026-11-24T07:00:00Z' } }),
      read: { ...READ, condition: 'Resolved', at: '2026-11-24T07:00:00.000Z' },
    },
    {
      what: 'a resolved log alert without one',
      body: call({ essentials: { monitorCondition: 'Resolved' } }),
      read: { ...READ, condition: 'Resolved', at: CAME.toISOString() },
    },
    {
      what: 'an alert of another resource group that is ours too',
      body: call({ essentials: { alertRuleID: `${OTHER}/providers/microsoft.insights/activityLogAlerts/x` } }),
      read: READ,
    },
    {
      what: 'no rule id, but what our rules send along',
      body: call({
        essentials: { alertRuleID: undefined },
        customProperties: { environment: 'prod', rule: 'r', advice: '' },
      }),
      read: { ...READ, rule: 'r' },
    },
    {
      what: 'the same in the other place',
      body: call({
        essentials: { alertRuleID: undefined },
        alertContext: { properties: { environment: 'prod', rule: 'r' } },
      }),
      read: { ...READ, rule: 'r', dimensions: {} },
    },
    {
      what: 'a time without a zone, which is UTC',
      body: call({ essentials: { firedDateTime: '2026-11-24T06:20:00.123' } }),
      read: READ,
    },
    {
      what: 'a time with another offset',
      body: call({ essentials: { firedDateTime: '2026-11-24T07:20:00.123+01:00' } }),
      read: READ,
    },
    ...[null, '-'].map((value) => ({
      what: `a dimension of no value, which is ${value}`,
      body: call({ alertContext: { condition: { allOf: [{ dimensions: [{ name: 'Owners', value }] }] } } }),
      read: { ...READ, dimensions: { Owners: '' } },
    })),
    { what: 'an alert without a context', body: call({ alertContext: null }), read: { ...READ, dimensions: {} } },
    {
      what: 'the registry whose metric it is',
      body: call({ essentials: { alertTargetIDs: [REGISTRY.toLowerCase()] } }),
      read: { ...READ, registryName: 'shop' },
    },
    {
      what: 'who did what the activity log tells of, and where',
      body: call({ alertContext: { authorization: { scope: REGISTRY }, caller: 'omar@contoso.com', properties: {} } }),
      read: { ...READ, dimensions: {}, registryName: 'shop', caller: 'omar@contoso.com' },
    },
    {
      what: 'targets that are not one registry',
      body: call({ essentials: { alertTargetIDs: [REGISTRY, `${REGISTRY}2`, `${OTHER}/providers/x/y/z`] } }),
      read: READ,
    },
    {
      what: 'a target that only looks like a registry',
      body: call({ essentials: { alertTargetIDs: [`${REGISTRY}/tokens/ci`, `${REGISTRY}" or true`, 'shop'] } }),
      read: READ,
    },
    {
      what: 'targets and a caller of another shape',
      body: call({ essentials: { alertTargetIDs: 'x' }, alertContext: { authorization: 'x', caller: 7 } }),
      read: { ...READ, dimensions: {} },
    },
  ])('takes $what', ({ body, read }) => {
    expect(readAlertCall(body, OURS, CAME)).toEqual(read);
  });

  it.each([
    { what: 'what is not JSON', body: 'hello', status: 400 },
    { what: 'another schema', body: call({ schemaId: 'AzureMonitorMetricAlert' }), status: 400 },
    { what: 'a severity that Azure has not', body: call({ essentials: { severity: 'Sev9' } }), status: 400 },
    { what: 'a time that is none', body: call({ essentials: { firedDateTime: 'yesterday' } }), status: 400 },
    { what: 'no rule id', body: call({ essentials: { alertRuleID: undefined } }), status: 400 },
    {
      what: 'no rule id, and another environment',
      body: call({ essentials: { alertRuleID: undefined }, customProperties: { environment: 'dev', rule: 'r' } }),
      status: 400,
    },
    {
      what: 'a foreign rule that says it is ours',
      body: call({
        essentials: { alertRuleID: '/subscriptions/s9/resourceGroups/rg/providers/microsoft.insights/x/y' },
        customProperties: { environment: 'prod', rule: 'r' },
      }),
      status: 400,
    },
    {
      what: 'a rule of another resource group whose name only begins alike',
      body: call({ essentials: { alertRuleID: `${SCOPE}-2/providers/microsoft.insights/scheduledqueryrules/x` } }),
      status: 400,
    },
    { what: 'more than 256 KB', body: call({ essentials: { description: 'x'.repeat(MOST_BYTES) } }), status: 413 },
  ])('refuses $what', ({ body, status }) => {
    expect(readAlertCall(body, OURS, CAME)).toEqual({ status, reason: expect.any(String) });
  });
});
