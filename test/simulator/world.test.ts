import { describe, expect, test } from 'vitest';
import { parseEstate } from '../../simulator/index.ts';
import { createWorld } from '../../simulator/world.ts';
import { arm, fieldOf, graph, REGISTRY, SUB, simulatorOf, TENANT } from './ask.ts';

const registry = {
  id: REGISTRY,
  name: 'shop',
  properties: { publicNetworkAccess: 'Disabled', adminUserEnabled: false, ipRules: [] },
};
const opened = {
  at: '2026-11-24T07:30:00Z',
  by: 'ana@contoso.com',
  merge: { id: REGISTRY.toUpperCase(), properties: { publicNetworkAccess: 'Enabled' } },
};

function worldOf(estate: object) {
  const file = parseEstate(
    { tenantId: TENANT, now: '2026-11-24T06:00:00Z', subscriptions: [{ subscriptionId: SUB }], ...estate },
    'test',
  );
  return createWorld(file, { estate: file });
}

describe('the clock', () => {
  test('stands until it is moved, and only goes forward', () => {
    const simulator = simulatorOf({});
    expect(simulator.now()).toEqual(new Date('2026-11-24T06:00:00Z'));
    simulator.advanceTo('2026-11-24T09:00:00+02:00');
    expect(simulator.now()).toEqual(new Date('2026-11-24T07:00:00Z'));
    expect(() => simulator.advanceTo('2026-11-24T06:59:59Z')).toThrow(
      'stands at 2026-11-24T07:00:00.000Z and only moves forward',
    );
    expect(() => simulator.advanceTo('soon')).toThrow("advanceTo('soon'): not an ISO time");
  });

  test('nobody who holds the clock or the estate can change it', () => {
    const estate = { tenantId: TENANT, resources: [structuredClone(registry)], timeline: [opened] };
    const simulator = simulatorOf(estate);
    simulator.now().setFullYear(2000);
    simulator.advanceTo('2026-11-24T08:00:00Z');
    expect(estate.resources).toEqual([registry]);
  });
});

describe('timeline', () => {
  test('steps up to now have happened; later ones happen when the clock passes them, in order', async () => {
    const step = (at: string, adminUserEnabled: boolean) => ({
      at,
      merge: { id: REGISTRY, properties: { adminUserEnabled } },
    });
    const timeline = [
      step('2026-11-24T09:00:00Z', false),
      step('2026-11-24T06:00:00Z', true),
      step('2026-11-24T08:00:00Z', true),
    ];
    const simulator = simulatorOf({ resources: [registry], timeline });
    const admin = async () => (await arm(simulator, REGISTRY)).body;
    expect(await admin()).toMatchObject({ properties: { adminUserEnabled: true, publicNetworkAccess: 'Disabled' } });
    simulator.advanceTo('2026-11-24T09:00:00Z');
    expect(await admin()).toMatchObject({ properties: { adminUserEnabled: false } });
  });

  test('a merge follows RFC 7386: null removes, arrays are replaced; the id keeps its spelling', async () => {
    const merge = {
      id: REGISTRY.toLowerCase(),
      properties: { adminUserEnabled: null, ipRules: [{ value: '203.0.113.5' }] },
    };
    const simulator = simulatorOf({ resources: [registry], timeline: [{ at: '2026-11-24T06:00:00Z', merge }] });
    expect((await arm(simulator, REGISTRY)).body).toEqual({
      id: REGISTRY,
      name: 'shop',
      properties: { publicNetworkAccess: 'Disabled', ipRules: [{ value: '203.0.113.5' }] },
    });
  });

  test('a merge can make a resource, and remove takes its children too', async () => {
    const token = { at: '2026-11-24T07:00:00Z', merge: { id: `${REGISTRY}/tokens/new`, properties: {} } };
    const simulator = simulatorOf({
      resources: [registry],
      timeline: [token, { at: '2026-11-24T08:00:00Z', remove: REGISTRY.toLowerCase() }],
    });
    simulator.advanceTo('2026-11-24T07:00:00Z');
    expect((await arm(simulator, `${REGISTRY}/tokens`)).body).toEqual({
      value: [
        {
          name: 'new',
          type: 'Microsoft.ContainerRegistry/registries/tokens',
          properties: {},
          id: `${REGISTRY}/tokens/new`,
        },
      ],
    });
    simulator.advanceTo('2026-11-24T08:00:00Z');
    expect([(await arm(simulator, REGISTRY)).status, (await arm(simulator, `${REGISTRY}/tokens/new`)).status]).toEqual([
      404, 404,
    ]);
  });

  test('denied is replaced, and graph by the keys it names', async () => {
    const graphStep = { at: '2026-11-24T07:00:00Z', graph: { applications: [{ id: 'b' }] } };
    const denyStep = { at: '2026-11-24T07:00:00Z', denied: [{ action: 'Microsoft.Resources/subscriptions/read' }] };
    const before = { applications: [{ id: 'a' }], servicePrincipals: [{ id: 's' }] };
    const simulator = simulatorOf({
      graph: before,
      denied: [{ action: 'graph:User.ReadBasic.All' }],
      timeline: [graphStep, denyStep],
    });
    simulator.advanceTo('2026-11-24T07:00:00Z');
    expect(fieldOf(await graph(simulator, '/applications'), 'id')).toEqual(['b']);
    expect(fieldOf(await graph(simulator, '/servicePrincipals'), 'id')).toEqual(['s']);
    expect((await graph(simulator, '/users')).status).toBe(200);
    expect((await arm(simulator, '/subscriptions')).body).toEqual({ value: [] });
  });

  test('a step that cannot be done names itself', () => {
    const timeline = [{ at: '2026-11-24T05:00:00Z', remove: `${REGISTRY}x` }];
    expect(() => simulatorOf({ timeline })).toThrow(
      `timeline step at 2026-11-24T05:00:00Z of estate 'test': cannot remove ${REGISTRY}x: there is no such resource`,
    );
  });
});

describe('traces', () => {
  const guid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const snapshot = expect.stringMatching(/^\d{20}_[0-9a-f-]{36}_\d{10}_\d{10}$/);

  test("a change leaves a row of Resource Graph's changes", () => {
    const world = worldOf({ resources: [registry], timeline: [opened] });
    world.advanceTo('2026-11-24T08:00:00Z');
    expect(world.estate.changes).toEqual([
      {
        id: expect.stringContaining(`${REGISTRY}/providers/Microsoft.Resources/changes/`),
        name: guid,
        type: 'microsoft.resources/changes',
        tenantId: TENANT,
        kind: '',
        location: '',
        resourceGroup: 'rg-shop',
        subscriptionId: SUB,
        managedBy: '',
        sku: null,
        plan: null,
        properties: {
          targetResourceId: REGISTRY,
          targetResourceType: 'microsoft.containerregistry/registries',
          changeType: 'Update',
          changeAttributes: {
            previousResourceSnapshotId: snapshot,
            newResourceSnapshotId: snapshot,
            correlationId: guid,
            changedByType: 'User',
            changesCount: 1,
            clientType: 'Azure Portal',
            changedBy: 'ana@contoso.com',
            operation: 'microsoft.containerregistry/registries/write',
            timestamp: '2026-11-24T07:30:00.000+00:00',
          },
          changes: { 'properties.publicNetworkAccess': { newValue: 'Enabled', previousValue: 'Disabled' } },
        },
        tags: null,
        identity: null,
        zones: null,
        extendedLocation: null,
      },
    ]);
  });

  test('and an event of the activity log', () => {
    const world = worldOf({ resources: [registry], timeline: [opened] });
    world.advanceTo('2026-11-24T08:00:00Z');
    const operation = 'Microsoft.ContainerRegistry/registries/write';
    expect(world.estate.activityLog).toEqual([
      {
        authorization: { action: operation, scope: REGISTRY },
        caller: 'ana@contoso.com',
        channels: 'Operation',
        claims: { name: 'ana@contoso.com' },
        correlationId: guid,
        description: '',
        eventDataId: guid,
        eventName: { value: 'EndRequest', localizedValue: 'End request' },
        category: { value: 'Administrative', localizedValue: 'Administrative' },
        httpRequest: { clientRequestId: guid, clientIpAddress: '203.0.113.9', method: 'PUT' },
        id: expect.stringMatching(/\/registries\/shop\/events\/[0-9a-f-]{36}\/ticks\/639311022000000000$/),
        level: 'Informational',
        resourceGroupName: 'rg-shop',
        resourceProviderName: { value: 'Microsoft.ContainerRegistry', localizedValue: 'Microsoft.ContainerRegistry' },
        resourceId: REGISTRY,
        resourceType: {
          value: 'Microsoft.ContainerRegistry/registries',
          localizedValue: 'Microsoft.ContainerRegistry/registries',
        },
        operationId: guid,
        operationName: { value: operation, localizedValue: operation },
        properties: { statusCode: 'OK', serviceRequestId: null, entity: REGISTRY, message: operation },
        status: { value: 'Succeeded', localizedValue: 'Succeeded' },
        subStatus: { value: 'OK', localizedValue: 'OK (HTTP Status Code: 200)' },
        eventTimestamp: '2026-11-24T07:30:00.0000000Z',
        submissionTimestamp: '2026-11-24T07:30:00.0000000Z',
        subscriptionId: SUB,
        tenantId: TENANT,
      },
    ]);
  });

  test('paths into arrays, values as text, "null" for what was not there; metadata of the write is no change', () => {
    const stamped = { ...registry, systemData: { createdBy: 'x' } };
    const merge = { id: REGISTRY, properties: { adminUserEnabled: true, ipRules: [{ value: '203.0.113.5' }] } };
    const world = worldOf({ resources: [stamped], timeline: [{ at: '2026-11-24T06:00:00Z', by: '0f0f', merge }] });
    const [row] = world.estate.changes;
    expect(row).toMatchObject({
      properties: { changeAttributes: { changedBy: '0f0f', changedByType: 'Application', changesCount: 2 } },
    });
    expect(row).toHaveProperty('properties.changes', {
      'properties.adminUserEnabled': { newValue: 'True', previousValue: 'False' },
      'properties.ipRules[0].value': { newValue: '203.0.113.5', previousValue: 'null' },
    });
    expect(world.resources.get(REGISTRY)?.systemData).toEqual({
      createdBy: 'x',
      lastModifiedBy: '0f0f',
      lastModifiedByType: 'Application',
      lastModifiedAt: '2026-11-24T06:00:00Z',
    });
  });

  test('deleting a registry is one operation with a row for each child; directory and rights leave no trace', () => {
    const token = { id: `${REGISTRY}/tokens/ci`, properties: {} };
    const timeline = [
      { at: '2026-11-24T06:00:00Z', remove: REGISTRY },
      { at: '2026-11-24T06:00:00Z', graph: { users: [] }, vaults: {}, denied: [] },
    ];
    const world = worldOf({ resources: [token, registry], timeline });
    expect(world.estate.changes.map((row) => row.id)).toEqual([
      expect.stringContaining('/registries/shop/providers/'),
      expect.stringContaining('/tokens/ci/providers/'),
    ]);
    expect(world.estate.activityLog).toMatchObject([
      { operationName: { value: 'Microsoft.ContainerRegistry/registries/delete' }, caller: '' },
    ]);
  });
});
