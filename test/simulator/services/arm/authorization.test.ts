import { describe, expect, test } from 'vitest';
import { arm, failure, fieldOf, REGISTRY, SUB, simulatorOf } from '../../ask.ts';

const MG = '/providers/Microsoft.Management/managementGroups';
const OTHER = 'bbbbbbbb-0000-0000-0000-000000000002';
const GROUP = `/subscriptions/${SUB}/resourceGroups/rg-shop`;

const assignment = (scope: string, name: string, principalId = 'sp') => ({
  id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  name,
  type: 'Microsoft.Authorization/roleAssignments',
  properties: {
    roleDefinitionId: '/providers/Microsoft.Authorization/roleDefinitions/r',
    principalId,
    principalType: 'ServicePrincipal',
    scope: scope || '/',
  },
});

const estate = {
  managementGroups: {
    root: { parent: null },
    prod: { parent: 'root', subscriptions: [SUB.toUpperCase()] },
    lab: { parent: 'root', subscriptions: [OTHER] },
  },
  subscriptions: [{ subscriptionId: SUB }, { subscriptionId: OTHER, displayName: 'Lab' }],
  resources: [
    { id: REGISTRY, name: 'shop', properties: {} },
    assignment('', 'at-root'),
    assignment(`${MG}/root`, 'at-root-group'),
    assignment(`${MG}/prod`, 'at-prod-group', 'group-outer'),
    assignment(`${MG}/lab`, 'at-lab-group'),
    assignment(`/subscriptions/${SUB}`, 'at-subscription'),
    assignment(GROUP, 'at-group', 'SP2'),
    assignment(REGISTRY, 'at-registry', 'sp2'),
    assignment(`/subscriptions/${OTHER}`, 'elsewhere'),
  ],
  graph: {
    groups: [
      { id: 'group-outer', members: ['group-inner'] },
      { id: 'group-inner', members: ['sp2', 'group-outer'] },
    ],
  },
};

describe('role assignments', () => {
  test.each<[string, string, string[]]>([
    [
      `/subscriptions/${SUB}`,
      '',
      ['at-root', 'at-root-group', 'at-prod-group', 'at-subscription', 'at-group', 'at-registry'],
    ],
    [`/subscriptions/${SUB}`, '?$filter=atScope()', ['at-root', 'at-root-group', 'at-prod-group', 'at-subscription']],
    [`/subscriptions/${SUB}`, "?$filter=principalId%20eq%20'sp2'", ['at-group', 'at-registry']],
    [`/subscriptions/${SUB}`, "?$filter=assignedTo('sp2')", ['at-prod-group', 'at-group', 'at-registry']],
    [`/subscriptions/${SUB}`, "?$filter=atScope()+and+assignedTo('sp2')", ['at-prod-group']],
    [GROUP, '', ['at-root', 'at-root-group', 'at-prod-group', 'at-subscription', 'at-group', 'at-registry']],
    [
      REGISTRY,
      '?$filter=atScope()',
      ['at-root', 'at-root-group', 'at-prod-group', 'at-subscription', 'at-group', 'at-registry'],
    ],
    [`/subscriptions/${OTHER}`, '', ['at-root', 'at-root-group', 'at-lab-group', 'elsewhere']],
  ])('%s%s', async (scope, filter, names) => {
    const answer = await arm(
      simulatorOf(estate),
      `${scope}/providers/Microsoft.Authorization/roleAssignments${filter}`,
    );
    expect(fieldOf(answer, 'name')).toEqual(names);
  });

  test('one by id; an unknown one; a filter nobody has; a scope that is not there', async () => {
    const simulator = simulatorOf(estate);
    const list = `${REGISTRY}/providers/Microsoft.Authorization/roleAssignments`;
    expect((await arm(simulator, `${list}/AT-REGISTRY`)).body).toEqual(assignment(REGISTRY, 'at-registry', 'sp2'));
    expect(failure(await arm(simulator, `${list}/nope`))).toEqual([404, 'RoleAssignmentNotFound']);
    expect(failure(await arm(simulator, `${list}?$filter=foo()`))).toEqual([400, 'UnsupportedQuery']);
    expect(failure(await arm(simulator, list.replace('/shop/', '/gone/')))).toEqual([404, 'ResourceNotFound']);
  });

  test('denied is 403', async () => {
    const simulator = simulatorOf({ ...estate, denied: [{ action: 'Microsoft.Authorization/roleAssignments/read' }] });
    expect(
      failure(await arm(simulator, `/subscriptions/${SUB}/providers/Microsoft.Authorization/roleAssignments`)),
    ).toEqual([403, 'AuthorizationFailed']);
  });
});

describe('role definitions', () => {
  const DEFINITIONS = `/subscriptions/${SUB}/providers/Microsoft.Authorization/roleDefinitions`;
  const ACR_PULL = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
  const custom = {
    id: `${DEFINITIONS}/custom-1`,
    name: 'custom-1',
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      roleName: 'Shop puller',
      type: 'CustomRole',
      assignableScopes: [`${MG}/root`],
      permissions: [{ actions: ['Microsoft.ContainerRegistry/registries/pull/read'], notActions: [] }],
    },
  };

  test('built in and custom, and the filters', async () => {
    const simulator = simulatorOf({ ...estate, resources: [...estate.resources, custom] });
    const names = async (query: string) => fieldOf(await arm(simulator, `${DEFINITIONS}${query}`), 'name');
    expect((await names('')).length).toBeGreaterThan(25);
    expect(await names("?$filter=type%20eq%20'CustomRole'")).toEqual(['custom-1']);
    expect(await names("?$filter=roleName eq 'acrpull'")).toEqual([ACR_PULL]);
    expect(failure(await arm(simulator, `${DEFINITIONS}?$filter=foo`))).toEqual([400, 'UnsupportedQuery']);
  });

  test('a built-in one by id, with the subscription in its id', async () => {
    const { body } = await arm(simulatorOf(estate), `${DEFINITIONS}/${ACR_PULL.toUpperCase()}`);
    expect(body).toEqual({
      properties: {
        roleName: 'AcrPull',
        type: 'BuiltInRole',
        description: 'acr pull',
        assignableScopes: ['/'],
        permissions: [
          {
            actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
            notActions: [],
            dataActions: [],
            notDataActions: [],
          },
        ],
        createdOn: expect.any(String),
        updatedOn: expect.any(String),
        createdBy: null,
        updatedBy: null,
      },
      id: `${DEFINITIONS}/${ACR_PULL}`,
      type: 'Microsoft.Authorization/roleDefinitions',
      name: ACR_PULL,
    });
  });

  test("a captured definition takes the built-in one's place; an unknown one is 404", async () => {
    const captured = { ...custom, id: `${DEFINITIONS}/${ACR_PULL}`, name: ACR_PULL };
    const simulator = simulatorOf({ managementGroups: estate.managementGroups, resources: [captured] });
    const listed = await arm(simulator, `${DEFINITIONS}?$filter=atScopeAndBelow()`);
    expect(fieldOf(listed, 'name').filter((name) => name === ACR_PULL)).toHaveLength(1);
    expect((await arm(simulator, `/providers/Microsoft.Authorization/roleDefinitions/${ACR_PULL}`)).body).toEqual(
      captured,
    );
    expect(failure(await arm(simulator, `${DEFINITIONS}/nope`))).toEqual([404, 'RoleDefinitionDoesNotExist']);
  });
});

describe('permissions tell the truth', () => {
  const reader = (notActions: string[]) => ({
    value: [{ actions: ['*/read'], notActions, dataActions: [], notDataActions: [] }],
  });
  const TOKENS = 'Microsoft.ContainerRegistry/registries/tokens/read';

  test.each([
    ['nothing denied', [], reader([])],
    ['denied everywhere', [{ action: TOKENS }], reader([TOKENS])],
    [
      'denied on one registry: not granted on the subscription',
      [{ action: TOKENS, scope: REGISTRY }],
      reader([TOKENS]),
    ],
    ['denied elsewhere', [{ action: TOKENS, scope: `/subscriptions/${OTHER}` }], reader([])],
    ['everything denied', [{ action: '*', scope: `/subscriptions/${SUB}` }], { value: [] }],
    [
      'Graph and vaults are not ARM',
      [{ action: 'graph:Application.Read.All' }, { action: 'vault:list', scope: 'https://kv1.vault.azure.net' }],
      reader([]),
    ],
  ])('%s', async (_name, denied, expected) => {
    const { body } = await arm(
      simulatorOf({ ...estate, denied }),
      `/subscriptions/${SUB}/providers/Microsoft.Authorization/permissions`,
    );
    expect(body).toEqual(expected);
  });
});

describe('management groups', () => {
  test('the list, and the descendants of one', async () => {
    const simulator = simulatorOf(estate);
    expect(fieldOf(await arm(simulator, MG), 'name')).toEqual(['root', 'prod', 'lab']);
    expect((await arm(simulator, `${MG}/ROOT/descendants`)).body).toEqual({
      value: [
        {
          id: `${MG}/prod`,
          type: 'Microsoft.Management/managementGroups',
          name: 'prod',
          properties: { displayName: 'prod', parent: { id: `${MG}/root` } },
        },
        {
          id: `/subscriptions/${SUB.toUpperCase()}`,
          type: '/subscriptions',
          name: SUB.toUpperCase(),
          properties: { displayName: SUB.toUpperCase(), parent: { id: `${MG}/prod` } },
        },
        {
          id: `${MG}/lab`,
          type: 'Microsoft.Management/managementGroups',
          name: 'lab',
          properties: { displayName: 'lab', parent: { id: `${MG}/root` } },
        },
        {
          id: `/subscriptions/${OTHER}`,
          type: '/subscriptions',
          name: OTHER,
          properties: { displayName: 'Lab', parent: { id: `${MG}/lab` } },
        },
      ],
    });
    expect(failure(await arm(simulator, `${MG}/nope/descendants`))).toEqual([404, 'NotFound']);
  });
});
