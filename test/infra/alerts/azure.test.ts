import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deployedAlerts } from '../../../simulator/index.ts';
import { expandDeployment } from '../../../simulator/services/alerts/armTemplate.ts';
import { infra, object } from '../template.ts';

const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
const TEMPLATE: unknown = JSON.parse(readFileSync(join(infra, 'main.json'), 'utf8'));
const REGISTRY = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/shop';

function resources(symbol: string, parameters: Record<string, unknown> = {}, subscriptionId = SUBSCRIPTION) {
  const given = { environmentName: 'prod', location: 'westeurope', ...parameters };
  return expandDeployment(TEMPLATE, symbol, given, { subscriptionId, tenantId: 't' }).map((one) => {
    const { name, properties } = object(JSON.parse(JSON.stringify(one)), symbol);
    return { name: String(name), properties: object(properties, 'properties') };
  });
}

/** The conditions of an alert on the activity log, one line each. */
function conditionsOf(properties: ReturnType<typeof object>): string[] {
  const { allOf } = object(properties.condition, 'condition');
  return (Array.isArray(allOf) ? allOf : []).map((one) => JSON.stringify(one));
}

test('somebody who reads or rotates the admin password is told at once', () => {
  const alerts = resources('activityAlerts');
  const admin = alerts.filter(({ name }) => name.startsWith('admin-password'));
  expect(admin.map(({ name, properties }) => [name, conditionsOf(properties)[2], properties.scopes])).toEqual([
    [
      'admin-password-read-prod',
      '{"field":"operationName","equals":"Microsoft.ContainerRegistry/registries/listCredentials/action"}',
      [`/subscriptions/${SUBSCRIPTION}`],
    ],
    [
      'admin-password-rotated-prod',
      '{"field":"operationName","equals":"Microsoft.ContainerRegistry/registries/regenerateCredential/action"}',
      [`/subscriptions/${SUBSCRIPTION}`],
    ],
  ]);
  for (const { properties } of admin)
    expect(conditionsOf(properties)).toContain('{"field":"status","equals":"Succeeded"}');
});

test('a problem of Container Registry, and a rule of ours that cannot run, are told', () => {
  const [service, rule] = resources('activityAlerts').slice(2);
  expect(service && conditionsOf(service.properties)).toEqual([
    '{"field":"category","equals":"ServiceHealth"}',
    '{"field":"properties.impactedServices[*].ServiceName","containsAny":["Container Registry"]}',
  ]);
  expect(rule?.properties.scopes).toEqual([`/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-acr-warden-prod`]);
  expect(rule && conditionsOf(rule.properties).slice(0, 2)).toEqual([
    '{"field":"category","equals":"ResourceHealth"}',
    '{"field":"resourceType","equals":"Microsoft.Insights/scheduledQueryRules"}',
  ]);
});

test('deployments of one name in two subscriptions have alerts of their own in a group of a third', () => {
  const names = [SUBSCRIPTION, '22222222-2222-2222-2222-222222222222'].flatMap((id) =>
    resources('otherActivityAlerts', {}, id).map(({ name }) => name),
  );
  expect(names.filter((name) => name.startsWith('admin-password-read-prod-'))).toHaveLength(2);
  expect(new Set(names).size).toBe(6);
});

test('every alert tells the action group', () => {
  const group = 'reference(receivers).outputs.id.value';
  const watchedRegistries = [{ id: REGISTRY, storageGiB: 100 }];
  const alerts = [...resources('activityAlerts'), ...resources('metricAlerts', { watchedRegistries })];
  expect(alerts).toHaveLength(7);
  for (const { properties } of alerts) {
    const actions = Array.isArray(properties.actions)
      ? properties.actions
      : object(properties.actions, 'actions').actionGroups;
    expect(actions).toMatchObject([{ actionGroupId: group }]);
  }
  // A call need not name its rule's id: by this the receiver knows it as ours.
  const sent = resources('metricAlerts', { watchedRegistries }).map(({ properties: { actions } }) => actions);
  const along = (rule: string) => [{ webHookProperties: { environment: 'prod', rule } }];
  expect(sent).toMatchObject(['storage-70-shop', 'storage-90-shop', 'pulls-failing-shop'].map(along));
});

test('every command that an alert advises is one of ours', () => {
  const watchedRegistries = [{ id: REGISTRY, storageGiB: 100 }];
  const others = [...resources('activityAlerts'), ...resources('metricAlerts', { watchedRegistries })];
  const texts = [...deployedAlerts().rules, ...others.map(({ properties }) => properties)].map((one) =>
    String(one.description),
  );
  const advised = texts.flatMap((text) => [...text.matchAll(/"acr-warden ([a-z]+)/g)].map(([, name]) => String(name)));
  expect(new Set(advised)).toEqual(new Set(['report', 'preflight']));
  expect(advised.filter((name) => !existsSync(join(infra, '..', 'src', 'cli', `${name}.ts`)))).toEqual([]);
});

test('storage is told at 70 and 90 % of what the tier includes, and pulls that stop', () => {
  const alerts = resources('metricAlerts', { watchedRegistries: [{ id: REGISTRY, storageGiB: 500 }] });
  const told = alerts.map(({ name, properties }) => {
    const criteria = object(properties.criteria, 'criteria');
    const [one] = Array.isArray(criteria.allOf) ? criteria.allOf : [];
    const { metricName, operator, threshold, criterionType } = object(one, name);
    return [name, properties.severity, metricName, operator, threshold ?? criterionType];
  });
  expect(told).toEqual([
    ['storage-70-shop', 3, 'StorageUsed', 'GreaterThan', 375_809_638_400],
    ['storage-90-shop', 2, 'StorageUsed', 'GreaterThan', 483_183_820_800],
    ['pulls-failing-shop', 3, 'SuccessfulPullCount', 'LessThan', 'DynamicThresholdCriterion'],
  ]);
});
