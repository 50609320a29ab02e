import { describe, expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { readRoleAssignments, readRoleDefinition } from '../../src/collect/roles.ts';
import type { Gap } from '../../src/model/gap.ts';
import { OTHER_SUB, registryId, SUB } from '../build.ts';
import { estateOf, simulated, wireRegistry } from '../wire.ts';

const ACR_PULL = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const PRINCIPAL = '33333333-0000-0000-0000-000000000001';

function wireAssignment(scope: string, name: string, properties: Record<string, unknown> = {}) {
  return {
    id: `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `/subscriptions/${SUB}/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`,
      principalId: PRINCIPAL,
      principalType: 'ServicePrincipal',
      scope,
      ...properties,
    },
  };
}

describe('readRoleAssignments', () => {
  test('those of the subscription, of what is in it, and those from above it', async () => {
    const scopes = [
      `/subscriptions/${SUB}`,
      registryId('shop'),
      '/providers/Microsoft.Management/managementGroups/prod',
      '/',
    ];
    const estate = estateOf(
      [wireRegistry('shop'), ...scopes.map((scope, index) => wireAssignment(scope, `ra${index}`))],
      {
        managementGroups: { prod: { parent: null, subscriptions: [SUB] } },
      },
    );
    const gaps: Gap[] = [];
    const assignments = await readRoleAssignments(simulated(estate, { pageSize: 3 }).azure, SUB, gaps);
    expect(gaps).toEqual([]);
    expect(assignments.map(({ scope }) => scope).sort()).toEqual([...scopes].sort());
    expect(assignments.find(({ scope }) => scope === registryId('shop'))).toEqual({
      id: `${registryId('shop')}/providers/Microsoft.Authorization/roleAssignments/ra1`,
      scope: registryId('shop'),
      roleDefinitionId: `/subscriptions/${SUB}/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`,
      principalId: PRINCIPAL,
      principalType: 'ServicePrincipal',
      seenIn: [SUB],
    });
  });

  test('a condition is kept', async () => {
    const condition = "((@Resource[Microsoft.ContainerRegistry/registries/repositories:name] StringEquals 'app'))";
    const estate = estateOf([wireAssignment(`/subscriptions/${SUB}`, 'ra', { condition, conditionVersion: '2.0' })]);
    const [assignment] = await readRoleAssignments(simulated(estate).azure, SUB, []);
    expect(assignment?.condition).toBe(condition);
  });

  test.each([
    ['an object without a list', '{}'],
    ['a list that is none', '{"value":null}'],
    ['nothing', ''],
    ["a proxy's page", '<html>sign in</html>'],
  ])('200 with %s is a gap, and not a list without assignments', async (_what, body) => {
    const estate = estateOf([wireAssignment(`/subscriptions/${SUB}`, 'ra')]);
    const fault = { match: { path: /roleAssignments/ }, effect: { kind: 'status' as const, status: 200, body } };
    const gaps: Gap[] = [];
    const assignments = await readRoleAssignments(simulated(estate, { faults: [fault] }).azure, SUB, gaps);
    expect(assignments).toEqual([]);
    expect(gaps).toMatchObject([{ source: 'roleAssignments', scope: `/subscriptions/${SUB}`, code: 'UnusableAnswer' }]);
  });

  test('403 is a gap of the subscription', async () => {
    const estate = estateOf([], { denied: [{ action: 'Microsoft.Authorization/roleAssignments/read' }] });
    const gaps: Gap[] = [];
    expect(await readRoleAssignments(simulated(estate).azure, SUB, gaps)).toEqual([]);
    expect(gaps.map(({ source, scope, permission }) => ({ source, scope, permission }))).toEqual([
      {
        source: 'roleAssignments',
        scope: `/subscriptions/${SUB}`,
        permission: 'Microsoft.Authorization/roleAssignments/read',
      },
    ]);
  });
});

describe('readRoleDefinition', () => {
  const custom = {
    id: `/subscriptions/${SUB}/providers/Microsoft.Authorization/roleDefinitions/44444444-0000-0000-0000-000000000001`,
    name: '44444444-0000-0000-0000-000000000001',
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      roleName: 'Image reader',
      type: 'CustomRole',
      description: '',
      assignableScopes: [`/subscriptions/${SUB}`],
      permissions: [
        {
          actions: ['*/read'],
          notActions: ['Microsoft.ContainerRegistry/registries/pull/read'],
        },
      ],
    },
  };

  test('a custom role, with what it does not say left empty', async () => {
    const gaps: Gap[] = [];
    const role = await readRoleDefinition(simulated(estateOf([custom])).azure, custom.id, [SUB], gaps);
    expect({ role, gaps }).toEqual({
      role: {
        id: custom.id,
        roleId: custom.name,
        roleName: 'Image reader',
        custom: true,
        permissions: [
          {
            actions: ['*/read'],
            notActions: ['Microsoft.ContainerRegistry/registries/pull/read'],
            dataActions: [],
            notDataActions: [],
          },
        ],
      },
      gaps: [],
    });
  });

  test.each([
    ['with its subscription', `/subscriptions/${SUB}/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`],
    // wire: roleAssignments-list-subscription
    ['without one', `/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`],
  ])('a built-in role by an id %s', async (_what, id) => {
    const role = await readRoleDefinition(simulated(estateOf()).azure, id, [SUB], []);
    expect({ name: role?.roleName, id: role?.roleId, custom: role?.custom }).toEqual({
      name: 'AcrPull',
      id: ACR_PULL,
      custom: false,
    });
  });

  test.each<[string, Wire]>([
    ...['actions', 'notActions', 'dataActions', 'notDataActions'].map((field): [string, Wire] => [
      `null for ${field}`,
      { [field]: null },
    ]),
    ['no rights at all', { actions: undefined }],
  ])('one with %s is a gap', async (_, change) => {
    const [permission] = custom.properties.permissions;
    const permissions = [{ ...permission, ...change }];
    const estate = estateOf([{ ...custom, properties: { ...custom.properties, permissions } }]);
    const gaps: Gap[] = [];
    expect(await readRoleDefinition(simulated(estate).azure, custom.id, [SUB], gaps)).toBeUndefined();
    expect(gaps).toMatchObject([{ source: 'roleDefinitions', scope: `/subscriptions/${SUB}`, code: 'UnusableAnswer' }]);
  });

  test('one that may not be read is a gap in every subscription that uses it', async () => {
    const estate = estateOf([custom], { denied: [{ action: 'Microsoft.Authorization/roleDefinitions/read' }] });
    const gaps: Gap[] = [];
    const role = await readRoleDefinition(simulated(estate).azure, custom.id, [SUB, OTHER_SUB], gaps);
    expect({ role, scopes: gaps.map(({ scope }) => scope) }).toEqual({
      role: undefined,
      scopes: [`/subscriptions/${SUB}`, `/subscriptions/${OTHER_SUB}`],
    });
  });
});
