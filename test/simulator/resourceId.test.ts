import { expect, test } from 'vitest';
import { covers, parentOf, parseArmPath } from '../../simulator/resourceId.ts';

const REGISTRY = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/shop';

test.each<[string, object]>([
  ['/', { scope: '/', names: [], collection: false }],
  ['//subscriptions/s/', { scope: '/subscriptions/s', subscriptionId: 's', names: [], collection: false }],
  [
    `${REGISTRY}/tokens`,
    {
      scope: '/subscriptions/s/resourceGroups/rg',
      subscriptionId: 's',
      resourceGroup: 'rg',
      type: 'Microsoft.ContainerRegistry/registries/tokens',
      names: ['shop'],
      collection: true,
    },
  ],
  [
    `${REGISTRY}/providers/Microsoft.Authorization/roleAssignments/a`,
    {
      scope: REGISTRY,
      subscriptionId: 's',
      resourceGroup: 'rg',
      type: 'Microsoft.Authorization/roleAssignments',
      names: ['a'],
      collection: false,
    },
  ],
  [
    '/providers/Microsoft.Management/managementGroups/mg',
    { scope: '', type: 'Microsoft.Management/managementGroups', names: ['mg'], collection: false },
  ],
])('%s', (path, expected) => {
  expect(parseArmPath(path)).toEqual(expected);
});

test.each([
  [`${REGISTRY}/tokens/ci`, REGISTRY],
  [REGISTRY, '/subscriptions/s/resourceGroups/rg'],
  [`${REGISTRY}/providers/Microsoft.Insights/diagnosticSettings/d`, REGISTRY],
  ['/subscriptions/s/providers/Microsoft.Security/pricings/Containers', '/subscriptions/s'],
])('the parent of %s', (id, parent) => {
  expect(parentOf(id)).toBe(parent);
});

test.each([
  ['/', REGISTRY, true],
  ['/subscriptions/S/resourceGroups/RG', REGISTRY, true],
  ['/subscriptions/s/resourceGroups/r', REGISTRY, false],
  [REGISTRY, '/subscriptions/s', false],
  [`${REGISTRY}/`, REGISTRY, true],
])('%s covers %s: %s', (scope, id, expected) => {
  expect(covers(scope, id)).toBe(expected);
});
