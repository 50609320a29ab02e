import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { declaredResources, infra, type Json, list, object, readTemplate } from './template.ts';

const resources = declaredResources();

function properties(type: string): { [key: string]: Json }[] {
  return resources.filter((one) => one.type === type).map((one) => object(one.resource.properties, one.symbol));
}

test('no key is fetched anywhere, and no public endpoint is spelled out', () => {
  const text = readFileSync(join(infra, 'main.json'), 'utf8');
  expect(text.match(/\blist[A-Z]\w*\s*\(/g)).toBeNull();
  expect(text.match(/AccountKey=|SharedAccessKey|core\.windows\.net|azurewebsites\.net/gi)).toBeNull();
});

test('storage takes Entra tokens over TLS 1.2 only', () => {
  expect(properties('Microsoft.Storage/storageAccounts')).toEqual([
    {
      accessTier: 'Hot',
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
    },
  ]);
});

test('workspace, telemetry and vault take Entra tokens only', () => {
  expect(properties('Microsoft.OperationalInsights/workspaces').map((one) => one.features)).toEqual([
    { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
  ]);
  expect(properties('Microsoft.Insights/components').map((one) => one.DisableLocalAuth)).toEqual([true]);
  expect(properties('Microsoft.KeyVault/vaults').map((one) => one.enableRbacAuthorization)).toEqual([true]);
});

test('the app lets nobody in from outside but the action group, and has no password', () => {
  const [site] = properties('Microsoft.Web/sites');
  expect(site?.httpsOnly).toBe(true);
  // Disabled would shut out the action group too, whatever the restrictions below allow.
  expect(site?.publicNetworkAccess).toBe('Enabled');
  expect(object(site?.siteConfig, 'siteConfig')).toEqual({
    minTlsVersion: '1.2',
    scmMinTlsVersion: '1.2',
    ftpsState: 'Disabled',
    http20Enabled: true,
    ipSecurityRestrictionsDefaultAction: 'Deny',
    ipSecurityRestrictions: [
      {
        name: 'action-group',
        description: 'Azure Monitor calls receiveAlert.',
        tag: 'ServiceTag',
        ipAddress: 'ActionGroup',
        action: 'Allow',
        priority: 100,
      },
    ],
    scmIpSecurityRestrictionsUseMain: false,
    scmIpSecurityRestrictionsDefaultAction: 'Allow',
  });
  expect(properties('Microsoft.Web/sites/basicPublishingCredentialsPolicies')).toEqual([
    { allow: false },
    { allow: false },
  ]);
});

test('the one secret comes in as a secure parameter and goes into the receiver only', () => {
  const secure = resources
    .filter((one) => one.type === 'Microsoft.Resources/deployments')
    .flatMap(({ symbol, resource }) => {
      const template = object(object(resource.properties, symbol).template, symbol);
      return Object.entries(object(template.parameters ?? {}, symbol))
        .filter(([, parameter]) => String(object(parameter, symbol).type).startsWith('secure'))
        .map(([name]) => `${symbol}.${name}`);
    });
  expect(secure).toEqual(['receivers.receiverKey']);
  const users = resources
    .filter((one) => one.module === 'main')
    .filter((one) => JSON.stringify(one.resource).includes("parameters('receiverKey')"));
  expect(users.map((one) => one.symbol)).toEqual(['receivers']);
  expect(JSON.stringify(readTemplate().outputs)).not.toContain('receiverKey');
});

test('only the receivers wait for the app, and nothing waits for its host', () => {
  const waiting = resources
    .filter((one) => one.module === 'main' && one.symbol !== 'app')
    .filter(
      (one) => JSON.stringify(one.resource).includes("reference('app')") || dependencies(one.resource).includes('app'),
    );
  expect(waiting.map((one) => one.symbol)).toEqual(['receivers']);
  expect(resources.filter((one) => /^Microsoft\.Web\/sites\/(host|functions|extensions)/.test(one.type))).toEqual([]);
});

function dependencies(resource: { [key: string]: Json }): Json[] {
  return resource.dependsOn === undefined ? [] : list(resource.dependsOn, 'dependsOn');
}

test('rows can only arrive once the tables are there', () => {
  const ingestion = resources.find((one) => one.module === 'main' && one.symbol === 'ingestion');
  expect(dependencies(ingestion?.resource ?? {})).toContain('tables');
});

test('every API version is pinned and stable', () => {
  const versions = [...new Set(resources.map((one) => `${one.type}@${one.resource.apiVersion}`))].sort();
  expect(versions).toEqual([
    'Microsoft.Authorization/roleAssignments@2022-04-01',
    'Microsoft.Authorization/roleDefinitions@2022-04-01',
    'Microsoft.Insights/actionGroups@2023-01-01',
    'Microsoft.Insights/activityLogAlerts@2020-10-01',
    'Microsoft.Insights/components@2020-02-02',
    'Microsoft.Insights/dataCollectionRules@2024-03-11',
    'Microsoft.Insights/metricAlerts@2018-03-01',
    'Microsoft.Insights/scheduledQueryRules@2023-12-01',
    'Microsoft.KeyVault/vaults@2024-11-01',
    'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30',
    'Microsoft.OperationalInsights/queryPacks/queries@2019-09-01',
    'Microsoft.OperationalInsights/queryPacks@2019-09-01',
    'Microsoft.OperationalInsights/workspaces/savedSearches@2025-07-01',
    'Microsoft.OperationalInsights/workspaces/tables@2025-07-01',
    'Microsoft.OperationalInsights/workspaces@2025-07-01',
    'Microsoft.Resources/deployments@2025-04-01',
    'Microsoft.Resources/resourceGroups@2025-04-01',
    'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01',
    'Microsoft.Storage/storageAccounts/blobServices@2025-01-01',
    'Microsoft.Storage/storageAccounts/queueServices/queues@2025-01-01',
    'Microsoft.Storage/storageAccounts/queueServices@2025-01-01',
    'Microsoft.Storage/storageAccounts@2025-01-01',
    'Microsoft.Web/serverfarms@2024-11-01',
    'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01',
    'Microsoft.Web/sites/config@2024-11-01',
    'Microsoft.Web/sites@2024-11-01',
  ]);
});

test('every parameter says whether it is required and what it is', () => {
  const undescribed = Object.entries(object(readTemplate().parameters, 'parameters')).filter(([, value]) => {
    const parameter = object(value, 'parameter');
    const metadata = object(parameter.metadata ?? {}, 'metadata');
    const required = parameter.defaultValue === undefined ? 'Required. ' : 'Optional. ';
    return !String(metadata.description).startsWith(required);
  });
  expect(undescribed.map(([name]) => name)).toEqual([]);
});

type Predicted = { id: string; type: string; identity?: unknown; properties: Record<string, unknown> };

function predicted(environment: string): Predicted[] {
  return parse(readFileSync(join(infra, 'env', `${environment}.snapshot.txt`), 'utf8')).predictedResources;
}

test('dev and prod share no resource but the subscription they stand in', () => {
  const ids = (name: string): string[] => predicted(name).map((resource) => resource.id.toLowerCase());
  const dev = new Set(ids('dev'));
  expect(dev.size).toBeGreaterThan(20);
  expect(ids('prod').filter((id) => dev.has(id))).toEqual([]);
});

test.each([
  { environment: 'dev', maximumInstanceCount: 40, instanceMemoryMB: 512 },
  { environment: 'prod', maximumInstanceCount: 100, instanceMemoryMB: 2048 },
])('$environment runs on Node 22, with code that it fetches as its own identity', ({ environment, ...scale }) => {
  const group = `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-acr-warden-${environment}`;
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-acr-warden-${environment}`;
  const site = predicted(environment).find((one) => one.type === 'Microsoft.Web/sites');
  expect(site?.identity).toEqual({ type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } });
  expect(site?.properties.functionAppConfig).toEqual({
    deployment: {
      storage: {
        type: 'blobContainer',
        value: expect.stringContaining('outputs.codeContainerUrl.value'),
        authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity },
      },
    },
    runtime: { name: 'node', version: '22' },
    scaleAndConcurrency: scale,
  });
});

test.each(['dev', 'prod'])('%s can be deployed again after any change of its parameters', (environment) => {
  const all = predicted(environment);
  const of = (type: string) => all.filter((one) => one.type === type);
  // A vault keeps the days that it was made with, and Azure refuses others.
  for (const { properties } of of('Microsoft.KeyVault/vaults')) expect(properties.softDeleteRetentionInDays).toBe(90);
  const functions = of('Microsoft.OperationalInsights/workspaces/savedSearches');
  expect(functions.map(({ properties }) => properties.etag)).toEqual(functions.map(() => '*'));
  expect(functions.length).toBeGreaterThan(0);
});
