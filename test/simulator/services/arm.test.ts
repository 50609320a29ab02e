import { describe, expect, test } from 'vitest';
import { missingRegistration, SIMULATED_CALLER } from '../../../simulator/index.ts';
import { arm, ask, failure, fieldOf, pagesOf, REGISTRY, SUB, simulatorOf, TENANT } from '../ask.ts';

const REGISTRIES = `/subscriptions/${SUB}/providers/Microsoft.ContainerRegistry/registries`;
const registry = (name: string, group = 'rg-shop') => ({
  id: `/subscriptions/${SUB}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}`,
  name,
  sku: { name: 'Premium', tier: 'Premium' },
  location: 'westeurope',
  properties: { loginServer: `${name}.azurecr.io` },
});

describe('subscriptions', () => {
  test('the list fills in what a subscription always has', async () => {
    const { body } = await arm(simulatorOf({}), '/subscriptions');
    expect(body).toEqual({
      value: [
        {
          id: `/subscriptions/${SUB}`,
          authorizationSource: 'RoleBased',
          managedByTenants: [],
          tenantId: TENANT,
          state: 'Enabled',
          subscriptionPolicies: {
            locationPlacementId: 'Public_2014-09-01',
            quotaId: 'PayAsYouGo_2014-09-01',
            spendingLimit: 'Off',
          },
          subscriptionId: SUB,
          displayName: 'Prod',
        },
      ],
    });
  });

  test('one without any right is left out of the list, and 403 by itself', async () => {
    const other = 'bbbbbbbb-0000-0000-0000-000000000002';
    const simulator = simulatorOf({
      subscriptions: [{ subscriptionId: SUB }, { subscriptionId: other }],
      denied: [{ action: '*', scope: `/subscriptions/${other}` }],
    });
    expect(fieldOf(await arm(simulator, '/subscriptions'), 'subscriptionId')).toEqual([SUB]);
    expect(failure(await arm(simulator, `/subscriptions/${other}`))).toEqual([403, 'AuthorizationFailed']);
  });

  test('tenants, resource groups (those stated and those implied), in any letter case', async () => {
    const simulator = simulatorOf({
      resources: [
        registry('shop'),
        registry('lab', 'RG-Lab'),
        { id: `/subscriptions/${SUB}/resourceGroups/rg-empty`, location: 'eastus', tags: { owner: 'ana' } },
      ],
    });
    expect(fieldOf(await arm(simulator, '/tenants'), 'tenantId')).toEqual([TENANT]);
    expect(fieldOf(await arm(simulator, `/subscriptions/${SUB}/resourcegroups`), 'name')).toEqual([
      'rg-empty',
      'RG-Lab',
      'rg-shop',
    ]);
    expect((await arm(simulator, `/subscriptions/${SUB}/resourceGroups/RG-EMPTY`)).body).toEqual({
      id: `/subscriptions/${SUB}/resourceGroups/rg-empty`,
      name: 'rg-empty',
      type: 'Microsoft.Resources/resourceGroups',
      location: 'eastus',
      tags: { owner: 'ana' },
      properties: { provisioningState: 'Succeeded' },
    });
  });
});

describe('lists', () => {
  const resources = ['a', 'b', 'c', 'd', 'e'].map((name) => registry(name, name === 'e' ? 'rg-other' : 'rg-shop'));

  test('pages by nextLink, which keeps the query and the host', async () => {
    const simulator = simulatorOf({ resources }, { pageSize: 2 });
    const first = await arm(simulator, REGISTRIES);
    expect(first.body).toEqual({
      value: resources.slice(0, 2),
      nextLink: `https://management.azure.com${REGISTRIES}?api-version=2025-11-01&$skiptoken=Mg`,
    });
    const pages = await pagesOf(simulator, first);
    expect(pages.map((page) => fieldOf(page, 'name'))).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    const exact = simulatorOf({ resources: resources.slice(0, 4) }, { pageSize: 2 });
    expect(await pagesOf(exact, await arm(exact, REGISTRIES))).toHaveLength(2);
  });

  test('of a resource group, through a double slash and an encoded query name', async () => {
    const url = `https://management.azure.com//subscriptions/${SUB.toUpperCase()}/resourcegroups/RG-OTHER/providers/microsoft.containerregistry/registries?api%2Dversion=2025-11-01`;
    expect(fieldOf(await ask(simulatorOf({ resources }), url), 'name')).toEqual(['e']);
  });

  test('are empty where there is nothing, and leave out in silence what is denied by itself', async () => {
    const simulator = simulatorOf({
      resources,
      denied: [{ action: 'Microsoft.ContainerRegistry/registries/read', scope: resources[1]?.id }],
    });
    expect(fieldOf(await arm(simulator, REGISTRIES), 'name')).toEqual(['a', 'c', 'd', 'e']);
    expect((await arm(simulatorOf({}), REGISTRIES)).body).toEqual({ value: [] });
  });

  test('a type that lies on resources is listed where it lies', async () => {
    const id = `${REGISTRY}/providers/Microsoft.Insights/diagnosticSettings/audit`;
    const simulator = simulatorOf({
      resources: [registry('shop'), { id, name: 'audit', properties: { workspaceId: '' } }],
    });
    const list = (scope: string) =>
      arm(simulator, `${scope}/providers/Microsoft.Insights/diagnosticSettings?api-version=2021-05-01-preview`);
    expect(fieldOf(await list(REGISTRY), 'id')).toEqual([id]);
    expect((await list(`/subscriptions/${SUB}`)).body).toEqual({ value: [] });
  });
});

describe('one resource', () => {
  test('by id in any letter case, as the estate stores it', async () => {
    const token = {
      id: `${REGISTRY}/tokens/ci`,
      name: 'ci',
      properties: { credentials: { passwords: [{ name: 'password1', value: 'PLANTED', expiry: null }] } },
    };
    const simulator = simulatorOf({ resources: [registry('shop'), token] });
    expect((await arm(simulator, token.id.toLowerCase())).body).toEqual(token);
  });

  test.each<[string, string, number, string]>([
    [
      'an unknown subscription',
      '/subscriptions/nope/providers/Microsoft.ContainerRegistry/registries',
      404,
      'SubscriptionNotFound',
    ],
    [
      'an unknown group',
      `/subscriptions/${SUB}/resourceGroups/nope/providers/Microsoft.ContainerRegistry/registries`,
      404,
      'ResourceGroupNotFound',
    ],
    ['an unknown registry', REGISTRY.replace('/shop', '/gone'), 404, 'ResourceNotFound'],
    ['a child of an unknown registry', `${REGISTRY.replace('/shop', '/gone')}/tokens`, 404, 'ParentResourceNotFound'],
    ['usages of an unknown registry', `${REGISTRY.replace('/shop', '/gone')}/listUsages`, 404, 'ResourceNotFound'],
    ['an unknown child', `${REGISTRY}/tokens/gone`, 404, 'ResourceNotFound'],
    ['no api-version', `${REGISTRIES}?api-version=`, 400, 'MissingApiVersionParameter'],
    ['an api-version that is none', `${REGISTRIES}?api-version=latest`, 400, 'InvalidApiVersionParameter'],
    ['an api-version nobody has, on a list', `${REGISTRIES}?api-version=2099-01-01`, 400, 'InvalidResourceType'],
    [
      'an api-version nobody has, on a child',
      `${REGISTRY}/tokens/ci?api-version=2099-01-01`,
      400,
      'NoRegisteredProviderFound',
    ],
    ['a path that is nothing', '/foo', 404, 'NotFound'],
  ])('%s: %s answers %i %s', async (_name, path, status, code) => {
    expect(failure(await arm(simulatorOf({ resources: [registry('shop')] }), path))).toEqual([status, code]);
  });
});

describe('rights', () => {
  test('403 names client, object, action and scope', async () => {
    const simulator = simulatorOf({
      resources: [registry('shop')],
      denied: [
        {
          action: 'microsoft.containerregistry/registries/TOKENS/read',
          scope: `/subscriptions/${SUB}/resourceGroups/RG-shop`,
        },
      ],
    });
    const { body, status } = await arm(simulator, `${REGISTRY}/tokens`);
    expect([status, body]).toEqual([
      403,
      {
        error: {
          code: 'AuthorizationFailed',
          message: `The client '${SIMULATED_CALLER.clientId}' with object id '${SIMULATED_CALLER.objectId}' does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/tokens/read' over scope '${REGISTRY}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
        },
      },
    ]);
  });

  test('a scope is a prefix of whole segments', async () => {
    const simulator = simulatorOf({
      resources: [registry('shop', 'rg-ab')],
      denied: [{ action: '*', scope: `/subscriptions/${SUB}/resourceGroups/rg-a` }],
    });
    expect((await arm(simulator, registry('shop', 'rg-ab').id)).status).toBe(200);
  });

  test.each([
    ['POST', `${REGISTRY}/listCredentials`, 'Microsoft.ContainerRegistry/registries/listCredentials/action'],
    ['PUT', REGISTRY, 'Microsoft.ContainerRegistry/registries/write'],
    ['DELETE', REGISTRY, 'Microsoft.ContainerRegistry/registries/delete'],
  ])('%s %s is refused and recorded', async (method, path, action) => {
    const simulator = simulatorOf({ resources: [registry('shop')] });
    const answer = await arm(simulator, path, { method, body: {} });
    expect(failure(answer)).toEqual([403, 'AuthorizationFailed']);
    expect(JSON.stringify(answer.body)).toContain(`'${action}'`);
    expect(simulator.defects).toEqual([{ service: 'arm', message: `${method} ${path}: an auditor only reads` }]);
  });

  test('a provider that was never registered is 409, by a fault rule', async () => {
    const simulator = simulatorOf({}, { faults: [missingRegistration(SUB, 'Microsoft.ContainerRegistry')] });
    expect(failure(await arm(simulator, REGISTRIES))).toEqual([409, 'MissingSubscriptionRegistration']);
    expect((await arm(simulator, `/subscriptions/${SUB}`)).status).toBe(200);
  });
});

test('every request is in the log with its status', async () => {
  const simulator = simulatorOf({});
  await arm(simulator, REGISTRIES);
  await ask(simulator, 'https://evil.example/subscriptions');
  expect(simulator.requests).toEqual([
    { method: 'GET', host: 'management.azure.com', path: REGISTRIES, service: 'arm', status: 200 },
    { method: 'GET', host: 'evil.example', path: '/subscriptions', service: 'none', status: 404 },
  ]);
  expect(simulator.defects).toEqual([
    {
      service: 'none',
      message: 'GET https://evil.example/subscriptions: nobody has that host, with an authorization header',
    },
  ]);
});

test('the other clouds have ARM too', async () => {
  const simulator = simulatorOf({});
  const hosts = ['management.usgovcloudapi.net', 'management.chinacloudapi.cn'];
  const statuses = await Promise.all(
    hosts.map(async (host) => (await ask(simulator, `https://${host}/subscriptions?api-version=2022-12-01`)).status),
  );
  expect(statuses).toEqual([200, 200]);
});
