import { expect, test } from 'vitest';
import { readEnvironment } from '../../infra/environment.ts';
import { needsOf } from '../../infra/needs.ts';

const home = 'aaaaaaaa-0000-0000-0000-000000000001';
const other = 'aaaaaaaa-0000-0000-0000-000000000002';
const group = `/subscriptions/${other}/resourceGroups/rg`;
const at = (resource: string) => `${group}/providers/${resource}`;
const workspace = at('Microsoft.OperationalInsights/workspaces/log');

const nest = 'Microsoft.Resources/deployments/write';
const give = ['Microsoft.Authorization/roleAssignments/write', 'Microsoft.Authorization/roleAssignments/delete'];
const define = ['Microsoft.Authorization/roleDefinitions/write', 'Microsoft.Authorization/roleDefinitions/delete'];

/** What an environment needs away from home, by scope. */
function needed(changed: object): Record<string, string[]> {
  const values = {
    environmentName: 'dev',
    location: 'westeurope',
    auditedSubscriptions: [],
    alertEmails: ['ana@contoso.com'],
  };
  const parameters = Object.entries({ ...values, ...changed }).map(([name, value]) => [name, { value }]);
  const built = JSON.stringify({ parametersJson: JSON.stringify({ parameters: Object.fromEntries(parameters) }) });
  const needs = needsOf(readEnvironment('dev', home, built), home);
  return Object.fromEntries(needs.slice(1).map(({ scope, actions }) => [scope, actions]));
}

const vault = at('Microsoft.KeyVault/vaults/kv1');
const registry = at('Microsoft.ContainerRegistry/registries/shop1');
const subnet = at('Microsoft.Network/virtualNetworks/v/subnets/s');

test.each<{ what: string; changed: object; needs: Record<string, string[]> }>([
  { what: 'nothing but its home', changed: {}, needs: {} },
  {
    what: 'an audited subscription, home being one too',
    changed: { auditedSubscriptions: [home, other] },
    needs: { [`/subscriptions/${other}`]: [nest, ...give, ...define] },
  },
  {
    what: 'a workspace, also for login events',
    changed: { workspaceId: workspace, loginEventsWorkspaceId: workspace.toLowerCase() },
    needs: { [group]: [nest], [workspace]: [...give, 'Microsoft.OperationalInsights/workspaces/tables/write'] },
  },
  { what: 'a vault', changed: { policyVaults: [vault] }, needs: { [group]: [nest], [vault]: give } },
  {
    what: 'a registry to probe',
    changed: { probedRegistries: [{ id: registry, abac: false }] },
    needs: { [group]: [nest], [registry]: give },
  },
  {
    what: 'a group for alerts',
    changed: { activityAlertGroups: [group] },
    needs: {
      [group]: [nest, 'Microsoft.Insights/activityLogAlerts/write', 'Microsoft.Insights/activityLogAlerts/delete'],
    },
  },
  {
    what: 'a subnet',
    changed: { subnetId: subnet },
    needs: { [subnet]: ['Microsoft.Network/virtualNetworks/subnets/join/action'] },
  },
])('an environment with $what', ({ changed, needs }) => {
  expect(needed(changed)).toEqual(needs);
});

test('at home everything is made, and deny settings where they are wanted', () => {
  const parameters = {
    location: 'westeurope',
    alertEmails: [],
    policyVaults: [],
    probedRegistries: [],
    watchedRegistries: [],
  };
  const environment = {
    ...parameters,
    ...{ environmentName: 'dev', auditedSubscriptions: [home.toUpperCase()], workspaceId: '', subnetId: '' },
    ...{ loginEventsWorkspaceId: '', activityAlertGroups: [], routes: [], alertSettings: {}, operators: [] },
    ...{ denySettings: 'denyDelete', retentionDays: 30, totalRetentionDays: 30 },
  };
  expect(needsOf(environment, home)).toEqual([
    {
      scope: `/subscriptions/${home}`,
      actions: [
        'Microsoft.Resources/deploymentStacks/write',
        'Microsoft.Resources/subscriptions/resourceGroups/write',
        nest,
        ...give,
        ...define,
        'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
      ],
    },
  ]);
});
