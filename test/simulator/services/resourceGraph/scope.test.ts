import { describe, expect, test } from 'vitest';
import { REGISTRY, SUB, simulatorOf } from '../../ask.ts';
import { OTHER, query, registry, rows, type Simulator } from './queries.ts';

describe('what is seen', () => {
  const two = { subscriptions: [{ subscriptionId: SUB }, { subscriptionId: OTHER }] };
  const names = (simulator: Simulator, rest: object = {}) => rows(simulator, 'project name | order by name asc', rest);

  test('all subscriptions without a scope, else those named', async () => {
    const simulator = simulatorOf({ ...two, resources: [registry('a'), registry('b', OTHER)] });
    expect(await names(simulator)).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect(await names(simulator, { subscriptions: [OTHER.toUpperCase()] })).toEqual([{ name: 'b' }]);
  });

  test('the subscriptions below a management group', async () => {
    const managementGroups = {
      root: { parent: null },
      prod: { parent: 'root', subscriptions: [SUB] },
      dev: { parent: 'root', subscriptions: [OTHER] },
    };
    const simulator = simulatorOf({ ...two, managementGroups, resources: [registry('a'), registry('b', OTHER)] });
    expect(await names(simulator, { managementGroups: ['prod'] })).toEqual([{ name: 'a' }]);
    expect(await names(simulator, { managementGroups: ['root'] })).toEqual([{ name: 'a' }, { name: 'b' }]);
  });

  test('what may not be read is missing without a word', async () => {
    const simulator = simulatorOf({
      ...two,
      resources: [registry('a'), registry('b'), registry('c', OTHER)],
      denied: [
        { action: 'Microsoft.ContainerRegistry/registries/read', scope: registry('b').id },
        { action: '*', scope: `/subscriptions/${OTHER}` },
      ],
    });
    expect((await query(simulator, 'project name', { subscriptions: [SUB, OTHER] })).body).toEqual({
      totalRecords: 1,
      count: 1,
      data: [{ name: 'a' }],
      facets: [],
      resultTruncated: 'false',
    });
  });

  test.each([
    ['only unreadable subscriptions', [OTHER], 'NoValidSubscriptionsInQueryRequest'],
    ['an id that is no guid', ['prod'], 'SubscriptionsContainInvalidGuids'],
  ])('%s: 400', async (_name, subscriptions, code) => {
    const simulator = simulatorOf({ ...two, denied: [{ action: '*', scope: `/subscriptions/${OTHER}` }] });
    const { status, body } = await query(simulator, 'resources', { subscriptions });
    expect([status, body]).toEqual([
      400,
      {
        error: {
          code: 'BadRequest',
          message: expect.stringContaining('correlationId'),
          details: [{ code, message: expect.any(String) }],
        },
      },
    ]);
  });

  test('not tokens, scope maps, diagnostic settings, zone groups, DNS records, plans', async () => {
    const group = `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.Network`;
    const kept = [
      REGISTRY,
      `${REGISTRY}/webhooks/w`,
      `${REGISTRY}/replications/r`,
      `${group}/privateEndpoints/p`,
      `${group}/privateDnsZones/z`,
    ];
    const absent = [
      `${REGISTRY}/tokens/t`,
      `${REGISTRY}/scopeMaps/s`,
      `${REGISTRY}/providers/Microsoft.Insights/diagnosticSettings/d`,
      `${group}/privateEndpoints/p/privateDnsZoneGroups/default`,
      `${group}/privateDnsZones/z/A/shop`,
      `/subscriptions/${SUB}/providers/Microsoft.Security/pricings/Containers`,
      `/subscriptions/${SUB}/providers/Microsoft.Authorization/roleAssignments/1`,
    ];
    const simulator = simulatorOf({ resources: [...kept, ...absent].map((id) => ({ id, properties: {} })) });
    expect(await rows(simulator, 'resources | project id')).toEqual(kept.map((id) => ({ id })));
  });
});
