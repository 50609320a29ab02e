import { describe, expect, test } from 'vitest';
import { arm, fieldOf, REGISTRY, simulatorOf } from '../../ask.ts';

const registry = (properties: object, sku = 'Premium') => ({
  id: REGISTRY,
  name: 'shop',
  sku: { name: sku },
  properties,
});

describe('what a version shows', () => {
  const stored = registry({
    anonymousPullEnabled: false,
    metadataSearch: 'Disabled',
    policies: { exportPolicy: { status: 'enabled' }, softDeletePolicy: { status: 'disabled' } },
  });

  test('a stable one hides the preview fields', async () => {
    expect((await arm(simulatorOf({ resources: [stored] }), REGISTRY)).body).toEqual(
      registry({ anonymousPullEnabled: false, policies: { exportPolicy: { status: 'enabled' } } }),
    );
  });

  test('a preview shows all', async () => {
    const { body } = await arm(simulatorOf({ resources: [stored] }), `${REGISTRY}?api-version=2026-01-01-preview`);
    expect(body).toEqual(stored);
  });
});

test("a webhook's address and headers are never shown", async () => {
  const webhook = {
    id: `${REGISTRY}/webhooks/ci`,
    properties: { status: 'enabled', serviceUri: 'https://x?PLANTED', customHeaders: { authorization: 'PLANTED' } },
  };
  const simulator = simulatorOf({ resources: [registry({}), webhook] });
  const shown = { id: webhook.id, properties: { status: 'enabled' } };
  expect((await arm(simulator, `${REGISTRY}/webhooks`)).body).toEqual({ value: [shown] });
  expect((await arm(simulator, webhook.id)).body).toEqual(shown);
});

test("the system's scope maps come before the estate's own, unless the estate has them", async () => {
  const own = {
    id: `${REGISTRY}/scopeMaps/app-read`,
    name: 'app-read',
    properties: { type: 'UserDefined', actions: ['repositories/app/content/read'] },
  };
  const pull = {
    id: `${REGISTRY}/scopeMaps/_repositories_pull`,
    name: '_repositories_pull',
    properties: { description: 'as captured' },
  };
  const simulator = simulatorOf({ resources: [registry({}), own, pull] });
  expect(fieldOf(await arm(simulator, `${REGISTRY}/scopeMaps`), 'name')).toEqual([
    '_repositories_admin',
    '_repositories_pull_metadata_read',
    '_repositories_push',
    '_repositories_push_metadata_write',
    'app-read',
    '_repositories_pull',
  ]);
  const { body } = await arm(simulator, `${REGISTRY}/scopeMaps/_repositories_push`);
  expect(body).toMatchObject({
    properties: { type: 'SystemDefined', actions: ['repositories/*/content/read', 'repositories/*/content/write'] },
  });
});

test('private endpoint connections are those inside the registry', async () => {
  const connection = {
    id: `${REGISTRY}/privateEndpointConnections/pe1`,
    properties: { privateLinkServiceConnectionState: { status: 'Pending' } },
  };
  const simulator = simulatorOf({ resources: [registry({ privateEndpointConnections: [connection] })] });
  expect((await arm(simulator, `${REGISTRY}/privateEndpointConnections`)).body).toEqual({ value: [connection] });
});

describe('usages', () => {
  test("are the estate's when it has them", async () => {
    const usages = [{ name: 'Size', limit: 536870912000, currentValue: 400000000000, unit: 'Bytes' }];
    const simulator = simulatorOf({ resources: [registry({})], usages: { [REGISTRY.toLowerCase()]: usages } });
    expect((await arm(simulator, `${REGISTRY}/listUsages`)).body).toEqual({ value: usages });
  });

  test("else the tier's limits with what the estate holds", async () => {
    const token = { id: `${REGISTRY}/tokens/ci`, properties: {} };
    const simulator = simulatorOf({
      resources: [registry({ networkRuleSet: { ipRules: [{ value: '203.0.113.5' }] } }), token],
    });
    expect((await arm(simulator, `${REGISTRY}/listUsages`)).body).toEqual({
      value: [
        { name: 'Size', limit: 536870912000, currentValue: 0, unit: 'Bytes' },
        { name: 'Webhooks', limit: 500, currentValue: 0, unit: 'Count' },
        { name: 'Geo-replications', limit: -1, currentValue: 0, unit: 'Count' },
        { name: 'IPRules', limit: 200, currentValue: 1, unit: 'Count' },
        { name: 'VNetRules', limit: 100, currentValue: 0, unit: 'Count' },
        { name: 'PrivateEndpointConnections', limit: 200, currentValue: 0, unit: 'Count' },
        { name: 'ScopeMaps', limit: 50000, currentValue: 0, unit: 'Count' },
        { name: 'Tokens', limit: 50000, currentValue: 1, unit: 'Count' },
      ],
    });
  });
});
