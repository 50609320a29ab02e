import { describe, expect, test } from 'vitest';
import { readCliSettings, readInterval, readSettings } from '../src/settings.ts';

const GOOD = {
  ENVIRONMENT_NAME: 'prod',
  AZURE_TENANT_ID: '11111111-0000-0000-0000-000000000000',
  AZURE_CLIENT_ID: '22222222-0000-0000-0000-000000000000',
  DCR_ENDPOINT: 'https://x.westeurope-1.ingest.monitor.azure.com',
  DCR_RULE_ID: 'dcr-1',
  STATE_CONTAINER_URL: 'https://x.blob.core.windows.net/acr-warden',
  WORKSPACE_ID: '33333333-0000-0000-0000-000000000000',
  ALERT_RULES_SCOPE: '/subscriptions/44444444-0000-0000-0000-000000000000/resourceGroups/rg',
};

const NO_ENDPOINT = 'DCR_ENDPOINT must be an https address: the logs ingestion endpoint of the data collection rule';

test('settings with their defaults', () => {
  expect(readSettings(GOOD)).toEqual({
    environment: 'prod',
    tenantId: GOOD.AZURE_TENANT_ID,
    clientId: GOOD.AZURE_CLIENT_ID,
    cloud: 'AzureCloud',
    sweepIntervalHours: 1,
    destination: { endpoint: GOOD.DCR_ENDPOINT, ruleId: 'dcr-1' },
    stateContainerUrl: GOOD.STATE_CONTAINER_URL,
    workspaceId: GOOD.WORKSPACE_ID,
    teamsUrlSecret: '',
    alertRulesScopes: [GOOD.ALERT_RULES_SCOPE],
  });
});

test('several resource groups, with blanks between them', () => {
  const two = { ...GOOD, ALERT_RULES_SCOPE: `${GOOD.ALERT_RULES_SCOPE}, /subscriptions/s/resourceGroups/x` };
  expect(readSettings(two).alertRulesScopes).toEqual([GOOD.ALERT_RULES_SCOPE, '/subscriptions/s/resourceGroups/x']);
});

test('none at all: every one that is missing is named', () => {
  const needed = Object.keys(GOOD);
  const message = messageOf(() => readSettings({}));
  expect(message.startsWith('settings: ')).toBe(true);
  expect(message.split('; ').length).toBe(needed.length);
  expect(needed.filter((name) => !message.includes(`${name} `))).toEqual([]);
});

describe('one that is wrong is named, with what it should be', () => {
  test.each([
    [{ ENVIRONMENT_NAME: '' }, 'ENVIRONMENT_NAME is empty: the name of this deployment, as in dev or prod'],
    [{ AZURE_TENANT_ID: 'contoso' }, 'AZURE_TENANT_ID must be the id of the Microsoft Entra tenant'],
    [{ AZURE_CLIENT_ID: 'x' }, 'AZURE_CLIENT_ID must be the client id of the user-assigned managed identity'],
    [{ AZURE_CLOUD: 'Mars' }, 'AZURE_CLOUD must be one of AzureCloud, AzureUSGovernment, AzureChinaCloud'],
    [{ SWEEP_INTERVAL_HOURS: '5' }, 'SWEEP_INTERVAL_HOURS must be one of 1, 2, 3, 4, 6, 12 hours'],
    [{ SWEEP_INTERVAL_HOURS: 'often' }, 'SWEEP_INTERVAL_HOURS must be one of 1, 2, 3, 4, 6, 12 hours'],
    [{ DCR_ENDPOINT: 'x' }, NO_ENDPOINT],
    [{ DCR_ENDPOINT: 'http://x.westeurope-1.ingest.monitor.azure.com' }, NO_ENDPOINT],
    [
      { STATE_CONTAINER_URL: 'state' },
      'STATE_CONTAINER_URL must be an address: the blob container that keeps the state',
    ],
    [
      { SIMULATOR_URL: 'http://127.0.0.1:8080' },
      'SIMULATOR_URL may be set only while AZURE_FUNCTIONS_ENVIRONMENT is Development',
    ],
    [
      { SIMULATOR_URL: 'http://10.0.0.1:8080', AZURE_FUNCTIONS_ENVIRONMENT: 'Development' },
      'SIMULATOR_URL must be a loopback address, as in http://127.0.0.1:8080',
    ],
  ])('%j', (change, words) => {
    expect(messageOf(() => readSettings({ ...GOOD, ...change }))).toBe(`settings: ${words}`);
  });
});

describe('the interval alone', () => {
  test.each([1, 2, 3, 4, 6, 12])('%d', (hours) => {
    expect(readInterval({ SWEEP_INTERVAL_HOURS: String(hours) })).toBe(hours);
  });
  test('an hour where nothing is set', () => {
    expect(readInterval({})).toBe(1);
  });
  test.each(['0', '5', '24', '1.5', '', 'x'])('%j is refused', (hours) => {
    expect(messageOf(() => readInterval({ SWEEP_INTERVAL_HOURS: hours }))).toBe(
      'settings: SWEEP_INTERVAL_HOURS must be one of 1, 2, 3, 4, 6, 12 hours',
    );
  });
});

describe('the command line', () => {
  test('needs none of them', () => {
    expect(readCliSettings({})).toEqual({ environment: 'local', simulatedIdentity: false, cloud: 'AzureCloud' });
  });
  test('takes those that are there', () => {
    expect(readCliSettings({ ...GOOD, AZURE_CLOUD: 'AzureUSGovernment' })).toMatchObject({
      environment: 'prod',
      cloud: 'AzureUSGovernment',
      destination: { endpoint: GOOD.DCR_ENDPOINT, ruleId: 'dcr-1' },
      tenantId: GOOD.AZURE_TENANT_ID,
    });
  });
  test('an empty one is not there', () => {
    expect(readCliSettings({ AZURE_TENANT_ID: '', DCR_ENDPOINT: '', DCR_RULE_ID: 'dcr-1' })).toEqual(
      readCliSettings({}),
    );
  });
  test('refuses what is wrong, all at once', () => {
    const wrong = { AZURE_CLOUD: 'Mars', AZURE_TENANT_ID: 'contoso.onmicrosoft.com', DCR_ENDPOINT: 'foo' };
    expect(messageOf(() => readCliSettings(wrong))).toBe(
      `settings: AZURE_CLOUD must be one of AzureCloud, AzureUSGovernment, AzureChinaCloud; AZURE_TENANT_ID must be the id of the Microsoft Entra tenant; ${NO_ENDPOINT}`,
    );
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('nothing was refused');
}
