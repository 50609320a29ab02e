import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createSimulator,
  listen,
  SIMULATED_DCR,
  SIMULATED_VAULT,
  SIMULATED_WORKSPACE,
  type Simulator,
} from '../../simulator/index.ts';
import { findingId } from '../../src/judge.ts';
import { openStore } from '../../src/state/open.ts';
import { SUB as SUBSCRIPTION, TENANT } from '../build.ts';
import { type Azurite, startAzurite } from '../state/azurite.ts';
import { estateOf, wireRegistry } from '../wire.ts';
import { bundled, startWorker, type Worker } from './deployed.ts';

const SCOPE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-acr-warden-test`;
const SHOP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/shop`;
const TIMER = { json: '{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}' };

let worker: Worker;
let simulator: Simulator;
let stop: () => Promise<void>;

/** The deployed app after a sweep that found the admin account of one registry. */
beforeAll(async () => {
  const [build, azurite]: [Awaited<ReturnType<typeof bundled>>, Azurite] = await Promise.all([
    bundled(),
    startAzurite(),
  ]);
  const { now: _, ...estate } = estateOf([wireRegistry('shop', { adminUserEnabled: true })]);
  // The app's clock is the machine's own, and so is that of an estate without one.
  simulator = createSimulator({ estate });
  const server = await listen(simulator);
  const state = await azurite.container('alerts');
  await openStore(state, simulator.credential).write('policy/warden.yaml', 'checks: { admin-account-enabled: high }\n');
  worker = await startWorker(build.folder, {
    ENVIRONMENT_NAME: 'test',
    AZURE_TENANT_ID: TENANT,
    AZURE_CLIENT_ID: '22222222-0000-0000-0000-000000000000',
    DCR_ENDPOINT: SIMULATED_DCR.endpoint,
    DCR_RULE_ID: SIMULATED_DCR.ruleId,
    WORKSPACE_ID: SIMULATED_WORKSPACE.id,
    TEAMS_URL_SECRET: SIMULATED_VAULT.teamsUrlSecret,
    ALERT_RULES_SCOPE: SCOPE,
    STATE_CONTAINER_URL: state,
    SIMULATOR_URL: server.url,
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    IDENTITY_ENDPOINT: `${server.url}/msi/token`,
    IDENTITY_HEADER: 'simulated',
  });
  stop = async () => {
    await worker.stop();
    await Promise.all([server.close(), build.remove(), azurite.stop()]);
  };
  const planned = await worker.invoke('planSweep', TIMER);
  const messages: unknown[] = (planned.outputs ?? []).flatMap(({ data }) => JSON.parse(String(data.json)));
  for (const message of messages) await worker.invoke('sweepShard', { json: JSON.stringify(message) });
  // Its clock stands still: where a minute has begun since it was made, the sweep would be of the future.
  simulator.advanceTo(new Date().toISOString());
});
afterAll(() => stop());

/** What the action group sends; `change` replaces some of the essentials. */
function alert(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: '/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/a1',
        alertRule: 'finding-high',
        alertRuleID: `${SCOPE}/providers/microsoft.insights/scheduledqueryrules/finding-high`,
        severity: 'Sev2',
        monitorCondition: 'Fired',
        firedDateTime: '2026-11-24T06:00:00.0000000Z',
        ...change,
      },
      alertContext: {
        condition: {
          allOf: [{ dimensions: [{ name: 'FindingId', value: findingId('admin-account-enabled', SHOP, '') }] }],
        },
      },
    },
  });
}

/** The status that the caller gets, and what is put on the queue. */
async function post(body: string) {
  const { error, returnValue, outputs, logs } = await worker.invoke('receiveAlert', {
    http: {
      method: 'POST',
      url: 'https://app.azurewebsites.net/api/receiveAlert?code=PLANTED-key',
      body: { string: body },
      nullableHeaders: {},
      nullableQuery: {},
      nullableParams: {},
    },
  });
  const messages: unknown[] = (outputs ?? [])
    .flatMap(({ data }) => Object.values(data))
    .map((text) => JSON.parse(String(text)));
  return { error, answer: returnValue, messages, logs: logs.join('\n') };
}

test.each([
  ['what is no JSON', 'alert!', '400', 'not the common alert schema'],
  ['another schema', '{"schemaId":"Microsoft.Insights/activityLogs","data":{}}', '400', 'not the common alert schema'],
  [
    'a rule of somebody else',
    alert({ alertRuleID: `${SCOPE}-2/providers/microsoft.insights/scheduledqueryrules/finding-high` }),
    '400',
    'not one of our alert rules',
  ],
  ['a body over 256 KB', alert({ description: 'x'.repeat(256 * 1024) }), '413', 'more than 262144 bytes'],
])('receiveAlert refuses %s and queues nothing', async (_, body, statusCode, why) => {
  const { error, answer, messages, logs } = await post(body);
  expect(error).toBeUndefined();
  expect(answer).toMatchObject({ http: { statusCode } });
  expect(messages).toEqual([]);
  expect(logs).toContain(why);
  expect(logs).not.toContain('PLANTED');
});

test('receiveAlert answers 202 and queues what reportIncident posts: one card, one row', async () => {
  const { error, answer, messages, logs } = await post(alert());
  expect(error).toBeUndefined();
  expect(answer).toMatchObject({ http: { statusCode: '202' } });
  expect(messages).toEqual([
    {
      alertId: '/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/a1',
      rule: 'finding-high',
      condition: 'Fired',
      severity: 'Sev2',
      at: '2026-11-24T06:00:00.000Z',
      dimensions: { FindingId: findingId('admin-account-enabled', SHOP, '') },
    },
  ]);
  const said = [logs];
  // The queue delivers at least once.
  for (const _ of [1, 2]) {
    const reported = await worker.invoke('reportIncident', { json: JSON.stringify(messages[0]) });
    expect(reported.error).toBeUndefined();
    said.push(...reported.logs);
  }
  expect(said.map((line) => /card: '(\w+)'/.exec(line)?.[1])).toEqual([undefined, 'posted', 'repeated']);
  expect(simulator.teams.map(({ failure }) => failure)).toEqual([undefined]);
  expect(JSON.stringify(simulator.teams)).toContain('Registry admin account is enabled');
  const incidents = simulator.workspace.tables.AcrWardenIncidents_CL ?? [];
  expect(incidents.map(({ AlertRule, Condition, RegistryName }) => [AlertRule, Condition, RegistryName])).toEqual([
    ['finding-high', 'Fired', 'shop'],
  ]);
  expect(`${said.join()}${JSON.stringify(incidents)}`).not.toContain('PLANTED');
  expect(simulator.defects).toEqual([]);
});

test('reportIncident posts what the alert itself says, the last time that it is asked while the workspace is silent', async () => {
  const { messages } = await post(
    alert({ alertId: '/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/a2' }),
  );
  const rule = { match: { service: 'logsQuery' }, effect: { kind: 'status', status: 400 } } as const;
  simulator.faults.add(rule);
  try {
    const message = { json: JSON.stringify(messages[0]) };
    expect((await worker.invoke('reportIncident', message, 4)).error).toContain('cannot query workspace');
    const last = await worker.invoke('reportIncident', message, 5);
    expect(last.error).toBeUndefined();
    expect(last.logs.join()).toContain("card: 'posted'");
  } finally {
    simulator.faults.clear();
  }
});
