import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { MOST_DELIVERIES, SHARD_QUEUE, TENANT_QUEUE } from '../../src/app.ts';
import { readInterval, readSettings } from '../../src/settings.ts';
import { declaredResources, infra, list, object, readTemplate } from './template.ts';

const resources = declaredResources();

const app = resources.find((one) => one.symbol === 'app')?.resource;
const parameters = object(object(app?.properties, 'app').parameters, 'parameters');
const settings = object(object(parameters.settings, 'settings').value, 'settings.value');

test('the settings of the app are these and no others', () => {
  expect(Object.keys(settings).sort()).toEqual([
    'ALERT_RULES_SCOPE',
    'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
    'APPLICATIONINSIGHTS_CONNECTION_STRING',
    'AZURE_CLIENT_ID',
    'AZURE_CLOUD',
    'AZURE_TENANT_ID',
    'AZURE_TOKEN_CREDENTIALS',
    'AzureWebJobsStorage__blobServiceUri',
    'AzureWebJobsStorage__clientId',
    'AzureWebJobsStorage__credential',
    'AzureWebJobsStorage__queueServiceUri',
    'DCR_ENDPOINT',
    'DCR_RULE_ID',
    'ENVIRONMENT_NAME',
    'STATE_CONTAINER_URL',
    'SWEEP_INTERVAL_HOURS',
    'TEAMS_URL_SECRET',
    'WORKSPACE_ID',
  ]);
  // Whatever the cloud, the address comes from it.
  expect(settings.AZURE_CLOUD).toBe('[environment().name]');
  expect(settings.AZURE_TOKEN_CREDENTIALS).toBe('ManagedIdentityCredential');
});

test('the host reaches its storage and its telemetry as the identity of the app, with no key', () => {
  const ofHost = Object.entries(settings).filter(([name]) => /^(AzureWebJobsStorage|APPLICATIONINSIGHTS)_/.test(name));
  expect(Object.fromEntries(ofHost)).toEqual({
    AzureWebJobsStorage__blobServiceUri: "[reference('storage').outputs.blobServiceUri.value]",
    AzureWebJobsStorage__queueServiceUri: "[reference('storage').outputs.queueServiceUri.value]",
    AzureWebJobsStorage__credential: 'managedidentity',
    AzureWebJobsStorage__clientId: "[reference('identity').outputs.clientId.value]",
    APPLICATIONINSIGHTS_CONNECTION_STRING: "[reference('insights').outputs.connectionString.value]",
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING:
      "[format('ClientId={0};Authorization=AAD', reference('identity').outputs.clientId.value)]",
  });
});

test('the app can read the settings that dev is deployed with', () => {
  const snapshot: { predictedResources: { type: string; properties: Record<string, string> }[] } = parse(
    readFileSync(join(infra, 'env', 'dev.snapshot.txt'), 'utf8'),
  );
  const deployed = snapshot.predictedResources.find((resource) => resource.type === 'Microsoft.Web/sites/config');
  // What only Azure knows: the outputs of other modules, and the cloud.
  const known: Record<string, string> = {
    AZURE_CLIENT_ID: '33333333-3333-3333-3333-333333333333',
    AZURE_CLOUD: 'AzureUSGovernment',
    DCR_ENDPOINT: 'https://dcr-x.usgovvirginia.ingest.monitor.azure.us',
    DCR_RULE_ID: 'dcr-1',
    STATE_CONTAINER_URL: 'https://acrwdev.blob.core.usgovcloudapi.net/acr-warden',
    WORKSPACE_ID: '44444444-4444-4444-4444-444444444444',
  };
  const settings = Object.entries(deployed?.properties ?? {}).map(([name, value]) => [name, known[name] ?? value]);
  expect(readSettings(Object.fromEntries(settings))).toEqual({
    environment: 'dev',
    tenantId: '22222222-2222-2222-2222-222222222222',
    clientId: '33333333-3333-3333-3333-333333333333',
    cloud: 'AzureUSGovernment',
    sweepIntervalHours: 6,
    destination: { endpoint: 'https://dcr-x.usgovvirginia.ingest.monitor.azure.us', ruleId: 'dcr-1' },
    stateContainerUrl: 'https://acrwdev.blob.core.usgovcloudapi.net/acr-warden',
    workspaceId: '44444444-4444-4444-4444-444444444444',
    teamsUrlSecret: '',
    alertRulesScopes: ['/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-acr-warden-dev'],
  });
});

test('the template allows the intervals that the app accepts', () => {
  const allowed = list(
    object(object(readTemplate().parameters, 'parameters').sweepIntervalHours, 'hours').allowedValues,
    'allowed',
  );
  const accepted = Array.from({ length: 24 }, (_, index) => index + 1).filter((hours) => {
    try {
      return readInterval({ SWEEP_INTERVAL_HOURS: String(hours) }) === hours;
    } catch {
      return false;
    }
  });
  expect(allowed).toEqual(accepted);
});

test('the queue that the app reads is made', () => {
  const [queues] = resources.filter((one) => one.type === 'Microsoft.Storage/storageAccounts/queueServices/queues');
  expect(JSON.stringify(queues?.resource)).toContain("createArray('sweep-shards', 'sweep-tenants', 'incidents')");
  expect([SHARD_QUEUE, TENANT_QUEUE]).toEqual(['sweep-shards', 'sweep-tenants']);
});

test('the app knows how often the host delivers a message', () => {
  const host = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'host.json'), 'utf8'));
  expect(host.extensions.queues.maxDequeueCount).toBe(MOST_DELIVERIES);
});
