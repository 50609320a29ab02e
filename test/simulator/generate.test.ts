import { expect, test } from 'vitest';
import { createSimulator, generateEstate, parseEstate } from '../../simulator/index.ts';
import { arm, fieldOf } from './ask.ts';

test('the same seed makes the same estate, another seed another', () => {
  const options = { registries: 20, subscriptions: 3 };
  expect(generateEstate(options)).toEqual(generateEstate({ ...options, seed: 1 }));
  expect(generateEstate({ ...options, seed: 2 })).not.toEqual(generateEstate(options));
});

test('it is an estate, of the size asked, and believable', () => {
  const made = parseEstate(
    JSON.parse(JSON.stringify(generateEstate({ registries: 300, subscriptions: 7, tokens: 2 }))),
    'generated',
  );
  const ofType = (type: string) => (made.resources ?? []).filter((one) => one.type === type);
  const registries = ofType('Microsoft.ContainerRegistry/registries');
  expect([
    registries.length,
    made.subscriptions?.length,
    ofType('Microsoft.ContainerRegistry/registries/tokens').length,
  ]).toEqual([300, 7, 600]);
  const values = (read: (properties: Record<string, unknown>) => unknown) =>
    new Set(registries.map((one) => read(one.properties as Record<string, unknown>)));
  expect(values((properties) => properties.publicNetworkAccess)).toEqual(new Set(['Enabled', 'Disabled']));
  expect(values((properties) => properties.adminUserEnabled)).toEqual(new Set([true, false]));
  expect(values((properties) => properties.roleAssignmentMode)).toEqual(
    new Set(['AbacRepositoryPermissions', 'LegacyRegistryPermissions']),
  );
  expect(new Set((made.graph?.servicePrincipals ?? []).map((one) => one.servicePrincipalType))).toEqual(
    new Set(['Application', 'ManagedIdentity']),
  );
});

test('it can be served', async () => {
  const estate = generateEstate({ registries: 5, subscriptions: 2 });
  const simulator = createSimulator({ estate });
  const ids = fieldOf(await arm(simulator, '/subscriptions'), 'subscriptionId');
  const counts = await Promise.all(
    ids.map(
      async (id) =>
        fieldOf(await arm(simulator, `/subscriptions/${id}/providers/Microsoft.ContainerRegistry/registries`), 'name')
          .length,
    ),
  );
  expect(counts).toEqual([3, 2]);
});

test('registries need a subscription', () => {
  expect(() => generateEstate({ registries: 1, subscriptions: 0 })).toThrow(
    'cannot spread 1 registries over 0 subscriptions',
  );
});
