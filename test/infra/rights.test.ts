import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findBicep } from '../../infra/bicep.ts';
import { snapshotOf } from '../../infra/snapshot.ts';
import { declaredResources, infra, list, moduleTemplate, object } from './template.ts';

type Right = { role: string; roleId: string; holder: string; scope: string; why: string };

function isRight(value: unknown): value is Right {
  return typeof value === 'object' && value !== null && 'role' in value && 'roleId' in value && 'why' in value;
}

const variables = object(moduleTemplate('roles').variables, 'variables');
const rights = list(variables.rights, 'rights').filter(isRight);

test('every right has a role, a holder, a scope and a reason', () => {
  expect(rights.map(({ role, holder, scope }) => `${holder}: ${role} on ${scope}`)).toEqual([
    'identity: Storage Blob Data Owner on storage',
    'identity: Storage Queue Data Contributor on storage',
    'identity: Monitoring Metrics Publisher on rule',
    'identity: Monitoring Metrics Publisher on insights',
    'identity: Key Vault Secrets User on vault',
    'identity: Log Analytics Reader on workspace',
    'identity: acr-warden reader on subscription',
    'identity: Key Vault Reader on policyVault',
    'identity: AcrPull on probedRegistry',
    'identity: Container Registry Repository Reader on probedAbacRegistry',
    'operators: Storage Blob Data Contributor on stateContainer',
  ]);
  expect(rights.filter((right) => right.why.length < 40)).toEqual([]);
});

/** Ids of built-in roles, as Microsoft's page "Azure built-in roles" has them. */
const BUILT_IN: Record<string, string> = {
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  'Container Registry Repository Reader': 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
  'Key Vault Reader': '21090545-7ca7-4776-b22c-e363652d74d2',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Log Analytics Reader': '73c42c96-874c-492b-b04d-ab87d138a893',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
};

test('every role has the id that Azure knows it by; the reader role is made here', () => {
  const ids = Object.fromEntries(rights.map(({ role, roleId }) => [role, roleId]));
  expect(ids).toEqual({ ...BUILT_IN, 'acr-warden reader': '' });
});

test('no assignment is written outside the list of rights', () => {
  const assignments = declaredResources().filter((one) => one.type === 'Microsoft.Authorization/roleAssignments');
  const outside = assignments.filter(({ resource }) => {
    const properties = object(resource.properties, 'properties');
    return !/rights|operatorRight/.test(String(properties.description));
  });
  expect(assignments.length).toBe(10);
  expect(outside).toEqual([]);
});

const operators = 'cccccccc-0000-0000-0000-000000000001';
const everything = `using '../main.bicep'
param environmentName = 'full'
param location = 'westeurope'
param auditedSubscriptions = ['aaaaaaaa-0000-0000-0000-000000000001', 'aaaaaaaa-0000-0000-0000-000000000002']
param alertEmails = ['a@example.com']
param teams = true
param workspaceId = '/subscriptions/bbbbbbbb-0000-0000-0000-000000000001/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shared'
param policyVaults = ['/subscriptions/bbbbbbbb-0000-0000-0000-000000000002/resourceGroups/rg-vaults/providers/Microsoft.KeyVault/vaults/kv-ci']
param probedRegistries = [
  { id: '/subscriptions/bbbbbbbb-0000-0000-0000-000000000003/resourceGroups/rg-acr/providers/Microsoft.ContainerRegistry/registries/legacy', abac: false }
  { id: '/subscriptions/bbbbbbbb-0000-0000-0000-000000000003/resourceGroups/rg-acr/providers/Microsoft.ContainerRegistry/registries/modern', abac: true }
]
param operators = [{ principalId: '${operators}', principalType: 'Group' }]
`;

type Predicted = { id: string; type: string; properties: { principalId: string; roleDefinitionId: string } };

const bicep = await findBicep();
const missing = 'missing' in bicep ? bicep.missing : '';

describe.skipIf(missing !== '')(`expanded by Bicep${missing === '' ? '' : ` (skipped: ${missing})`}`, () => {
  let predicted: Predicted[] = [];

  beforeAll(async () => {
    const path = 'path' in bicep ? bicep.path : '';
    predicted = parse(await snapshotOf(path, infra, everything)).predictedResources;
  });

  test('every right is given at its own scope and at no other', () => {
    const roles = new Map(Object.entries(BUILT_IN).map(([role, id]) => [id, role]));
    for (const { id, type } of predicted) {
      if (type === 'Microsoft.Authorization/roleDefinitions') roles.set(roleIdOf(id), 'acr-warden reader');
    }
    const given = predicted
      .filter((resource) => resource.type === 'Microsoft.Authorization/roleAssignments')
      .map(({ id, properties: { principalId, roleDefinitionId } }) => {
        const whose = principalId === operators ? ' of the operators' : '';
        return `${roles.get(roleIdOf(roleDefinitionId))}${whose}: ${scopeOf(id)}`;
      });
    const own = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-acr-warden-full/providers';
    const shared = '/subscriptions/bbbbbbbb-0000-0000-0000-00000000000';
    expect(given.sort()).toEqual(
      [
        `Storage Blob Data Owner: ${own}/Microsoft.Storage/storageAccounts/NAME`,
        `Storage Queue Data Contributor: ${own}/Microsoft.Storage/storageAccounts/NAME`,
        `Storage Blob Data Contributor of the operators: ${own}/Microsoft.Storage/storageAccounts/NAME/blobServices/default/containers/acr-warden`,
        `Monitoring Metrics Publisher: ${own}/Microsoft.Insights/dataCollectionRules/dcr-acr-warden-full`,
        `Monitoring Metrics Publisher: ${own}/Microsoft.Insights/components/appi-acr-warden-full`,
        `Key Vault Secrets User: ${own}/Microsoft.KeyVault/vaults/NAME`,
        `Log Analytics Reader: ${shared}1/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-shared`,
        'acr-warden reader: /subscriptions/aaaaaaaa-0000-0000-0000-000000000001',
        'acr-warden reader: /subscriptions/aaaaaaaa-0000-0000-0000-000000000002',
        `Key Vault Reader: ${shared}2/resourceGroups/rg-vaults/providers/Microsoft.KeyVault/vaults/kv-ci`,
        `AcrPull: ${shared}3/resourceGroups/rg-acr/providers/Microsoft.ContainerRegistry/registries/legacy`,
        `Container Registry Repository Reader: ${shared}3/resourceGroups/rg-acr/providers/Microsoft.ContainerRegistry/registries/modern`,
      ].sort(),
    );
  });

  test('an existing workspace is not made again, nor are tables put into it', () => {
    const logs = predicted.filter((resource) => resource.type.startsWith('Microsoft.OperationalInsights/workspaces'));
    expect(logs).toEqual([]);
  });
});

function roleIdOf(id: string): string {
  return id.split('/').at(-1) ?? '';
}

/** Where an assignment is given; generated names are replaced, since they depend on the subscription. */
function scopeOf(id: string): string {
  const scope = id.split('/providers/Microsoft.Authorization/')[0] ?? '';
  return scope.replace(/acrwfull[a-z0-9]+/, 'NAME');
}
