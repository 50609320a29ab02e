import { expect, test } from 'vitest';
import { createEngine } from '../../../../simulator/services/alerts/engine.ts';
import { mailOf } from '../../../../simulator/services/alerts/mail.ts';
import { payloadOf } from '../../../../simulator/services/alerts/payload.ts';
import { isRefused, readAlertCall } from '../../../../src/notify/alertCall.ts';
import { at, database, GROUP, rule, WORKSPACE } from './rules.ts';

function payloads(name = 'a', properties: Record<string, unknown> = {}) {
  const customProperties = { environment: 'test' };
  const one = rule({ windowSize: 'PT15M', actions: { actionGroups: [], customProperties }, ...properties });
  return createEngine([one], () => database([['06:05', name]]))
    .replay(at('06:00'), at('08:00'))
    .map(payloadOf);
}

const ALERT =
  /^\/subscriptions\/5a1e0000-0000-4000-a000-000000000001\/providers\/Microsoft.AlertsManagement\/alerts\/[0-9a-f-]{36}$/;

test('a fired alert has the common alert schema of a log search alert', () => {
  const [fired, resolved] = payloads();
  expect(fired).toEqual({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: expect.stringMatching(ALERT),
        alertRule: 'names',
        alertRuleID: `/subscriptions/${GROUP.subscriptionId}/resourceGroups/rg-test/providers/microsoft.insights/scheduledqueryrules/names`,
        severity: 'Sev2',
        signalType: 'Log',
        monitorCondition: 'Fired',
        monitoringService: 'Log Alerts V2',
        alertTargetIDs: [WORKSPACE.toLowerCase()],
        configurationItems: [WORKSPACE],
        originAlertId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        firedDateTime: '2026-03-02T06:15:00.0000000Z',
        description: 'Do something.',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {
        properties: { environment: 'test' },
        conditionType: 'LogQueryCriteria',
        condition: {
          windowSize: 'PT15M',
          allOf: [
            {
              searchQuery: 'T | project Name, Value',
              metricMeasureColumn: null,
              targetResourceTypes: "['Microsoft.OperationalInsights/workspaces']",
              operator: 'GreaterThan',
              threshold: '0',
              timeAggregation: 'Count',
              dimensions: [{ name: 'Name', value: 'a' }],
              metricValue: 1,
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
              linkToSearchResultsUI: expect.stringMatching(/^https:\/\/portal\.azure\.com#blade\//),
              linkToFilteredSearchResultsUI: expect.stringContaining(encodeURIComponent("== @'a'")),
              linkToSearchResultsAPI: expect.stringMatching(/^https:\/\/api\.loganalytics\.io\/v1\//),
              linkToFilteredSearchResultsAPI: expect.stringContaining(encodeURIComponent("== @'a'")),
            },
          ],
          windowStartTime: '2026-03-02T06:00:00.0000000Z',
          windowEndTime: '2026-03-02T06:15:00.0000000Z',
        },
      },
      customProperties: { environment: 'test' },
    },
  });
  expect(resolved?.data.essentials).toMatchObject({
    alertId: fired?.data.essentials.alertId,
    monitorCondition: 'Resolved',
    firedDateTime: '2026-03-02T06:15:00.0000000Z',
    resolvedDateTime: '2026-03-02T07:00:00.0000000Z',
  });
});

test('without custom properties both places say null', () => {
  const [fired] = payloads('a', { actions: { actionGroups: [] } });
  expect([fired?.data.alertContext.properties, fired?.data.customProperties]).toEqual([null, null]);
});

test('receiveAlert takes what the alert rules send, hostile names and all', () => {
  const name = `<b>${'x'.repeat(4000)}</b>\u202e\n[a](http://b)'`;
  const [fired] = payloads(name);
  const call = readAlertCall(
    JSON.stringify(fired),
    { scopes: [`/subscriptions/${GROUP.subscriptionId}/resourceGroups/rg-test`], environment: 'test' },
    new Date(0),
  );
  expect(isRefused(call) ? call : call.dimensions).toEqual({ Name: name });
});

test('the mail has the subject that Azure puts together, and a value never starts a line of its own', () => {
  const [fired, resolved] = payloads('a\nSeverity: Sev4');
  if (fired === undefined || resolved === undefined) throw new Error('nothing was told');
  const mail = mailOf(fired, ['ana@contoso.com']);
  expect(mail.to).toEqual(['ana@contoso.com']);
  expect(mail.subject).toBe(
    'Fired:Sev2 Azure Monitor Alert names on law-test ( microsoft.operationalinsights/workspaces ) at 3/2/2026 6:15:00 AM',
  );
  expect(mail.text.split('\n')).toContain('Dimension Name: a Severity: Sev4');
  expect(mail.text.split('\n').filter((one) => one.startsWith('Severity'))).toEqual(['Severity: Sev2']);
  expect(mailOf(resolved, []).subject).toMatch(/^Resolved:Sev2 .* at 3\/2\/2026 7:00:00 AM$/);
});

test('nothing of a query’s result but the dimensions is in a payload', () => {
  const text = JSON.stringify(payloads());
  expect(text).not.toContain('"Value":');
});
