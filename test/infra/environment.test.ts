import { expect, test } from 'vitest';
import { environmentLines, readEnvironment } from '../../infra/environment.ts';
import { needsOf } from '../../infra/needs.ts';
import { deployedAlerts } from '../../simulator/index.ts';

const home = 'aaaaaaaa-0000-0000-0000-000000000009';
const subscription = 'aaaaaaaa-0000-0000-0000-000000000001';
const good = {
  environmentName: 'dev',
  location: 'westeurope',
  auditedSubscriptions: [subscription],
  alertEmails: ['ana@contoso.com'],
};

/** As `az bicep build-params --stdout` writes it: the parameters are text within the document. */
function built(changed: object): string {
  const values = Object.entries({ ...good, ...changed });
  const parameters = Object.fromEntries(values.map(([name, value]) => [name, { value }]));
  return JSON.stringify({ templateJson: '{}', parametersJson: JSON.stringify({ parameters }) });
}

test('a good environment becomes lines that a shell reads', () => {
  const workspaceId = `/subscriptions/${subscription}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log`;
  const environment = readEnvironment(
    'dev',
    home,
    built({ workspaceId, denySettings: 'denyDelete', totalRetentionDays: 90 }),
  );
  expect(environmentLines(environment, home)).toBe(
    [
      'location=westeurope',
      'denySettings=denyDelete',
      `workspaceId=${workspaceId}`,
      'retentionDays=30',
      'totalRetentionDays=90',
      'audited=1',
      'operators=0',
      ...needsOf(environment, home).map(({ scope, actions }) => `need=${scope} ${actions.join(' ')}`),
      '',
    ].join('\n'),
  );
});

test('a setting of each rule of the template is taken', () => {
  const settings = Object.fromEntries(deployedAlerts().rules.map(({ name }) => [name, { enabled: false }]));
  expect(readEnvironment('dev', home, built({ alertSettings: settings })).alertSettings).toEqual(settings);
});

test.each<{ what: string; changed: object; message: string }>([
  {
    what: 'another name than the file',
    changed: { environmentName: 'prod' },
    message: 'environmentName is "prod", but',
  },
  { what: 'capitals in the name', changed: { environmentName: 'Dev' }, message: 'environmentName is not lower-case' },
  {
    what: 'a region by its long name',
    changed: { location: 'West Europe' },
    message: 'location is not the short name',
  },
  {
    what: 'a subscription that is no id',
    changed: { auditedSubscriptions: ['not-a-subscription-id-but-36-letters'] },
    message: 'auditedSubscriptions.0 is not the id of a subscription',
  },
  {
    what: 'the placeholder subscription',
    changed: { auditedSubscriptions: ['00000000-0000-0000-0000-000000000000'] },
    message: 'auditedSubscriptions.0 is the placeholder',
  },
  {
    what: 'a subscription twice',
    changed: { auditedSubscriptions: [subscription, subscription.toUpperCase()] },
    message: 'auditedSubscriptions names a subscription twice',
  },
  {
    what: 'a setting of a rule that is not there',
    changed: { alertSettings: { 'finding-meduim': { enabled: false } } },
    message: 'alertSettings.finding-meduim is not the name of an alert rule: they are finding-critical, finding-high,',
  },
  {
    what: 'a setting of a rule that no route makes',
    changed: {
      routes: [{ name: 'network', categories: ['network'], severities: ['high'], actionGroups: [] }],
      alertSettings: { 'finding-high': { severity: 0 } },
    },
    message: 'alertSettings.finding-high is not the name of an alert rule: they are finding-high-network,',
  },
  {
    what: 'two routes of one name',
    changed: { routes: [1, 2].map(() => ({ name: 'all', categories: [], severities: ['high'], actionGroups: [] })) },
    message: 'routes names a route twice',
  },
  {
    what: 'a route of no severity, which makes no rule',
    changed: { routes: [{ name: 'all', categories: [], severities: [], actionGroups: [] }] },
    message: 'routes.0.severities names no severity',
  },
  {
    what: 'a route of a severity twice',
    changed: { routes: [{ name: 'all', categories: [], severities: ['high', 'high'], actionGroups: [] }] },
    message: 'routes.0.severities names a severity twice',
  },
  {
    what: 'a route to what is no action group',
    changed: { routes: [{ name: 'all', categories: [], severities: ['high'], actionGroups: ['ag'] }] },
    message: 'routes.0.actionGroups.0 is not the resource id of an action group',
  },
  {
    what: 'an activity log group that is no resource group',
    changed: { activityAlertGroups: [`/subscriptions/${subscription}`] },
    message: 'activityAlertGroups.0 is not the id of a resource group',
  },
  {
    what: 'an activity log group at home',
    changed: { activityAlertGroups: [`/subscriptions/${home.toUpperCase()}/resourceGroups/rg`] },
    message: 'activityAlertGroups.0 is in the subscription of the deployment',
  },
  {
    what: 'a watched registry that is none',
    changed: { watchedRegistries: [{ id: 'shop', storageGiB: 500 }] },
    message: 'watchedRegistries.0.id is not the resource id of a registry',
  },
  {
    what: 'login events in what is no workspace',
    changed: { loginEventsWorkspaceId: 'log' },
    message: 'loginEventsWorkspaceId is not the resource id of a workspace',
  },
  { what: 'an address that is none', changed: { alertEmails: ['ana'] }, message: 'alertEmails.0 is not an address' },
  {
    what: 'the placeholder address',
    changed: { alertEmails: ['a@example.com'] },
    message: 'alertEmails.0 is the placeholder',
  },
  { what: 'a workspace by its name', changed: { workspaceId: 'log' }, message: 'workspaceId is not the resource id' },
  { what: 'a subnet by its name', changed: { subnetId: 'snet' }, message: 'subnetId is not the resource id' },
  { what: 'a vault by its address', changed: { policyVaults: ['https://kv'] }, message: 'policyVaults.0 is not the' },
  {
    what: 'a vault with a name that no vault can have',
    changed: {
      policyVaults: [
        `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${'a'.repeat(25)}`,
      ],
    },
    message: 'policyVaults.0 is not the resource id of a Key Vault',
  },
  {
    what: 'a registry by its name',
    changed: { probedRegistries: [{ id: 'shop', abac: false }] },
    message: 'probedRegistries.0.id is not the resource id of a registry',
  },
  {
    what: 'an operator by name',
    changed: { operators: [{ principalId: 'ana', principalType: 'User' }] },
    message: 'operators.0.principalId is not an object id',
  },
  {
    what: 'an operator twice',
    changed: { operators: [home, home.toUpperCase()].map((principalId) => ({ principalId, principalType: 'User' })) },
    message: 'operators names an operator twice',
  },
])('$what is refused', ({ changed, message }) => {
  expect(() => readEnvironment('dev', home, built(changed))).toThrow(message);
});

test('all problems come in one message, naming the file', () => {
  const odd = built({ location: 'West Europe', alertEmails: ['ana'], workspaceId: 'log' });
  expect(() => readEnvironment('dev', home, odd)).toThrow(
    /^infra\/env\/dev\.bicepparam: location .*; alertEmails\.0 .*; workspaceId .*$/,
  );
});
