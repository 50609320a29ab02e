import { expect, test } from 'vitest';
import { SUB, simulatorOf } from '../../ask.ts';
import { OTHER, registry, rows } from './queries.ts';

const GROUP = '/providers/Microsoft.Management/managementGroups/root';
const at = (scope: string, name: string) => ({
  id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  properties: { principalId: name, scope },
});
const estate = {
  subscriptions: [{ subscriptionId: SUB }, { subscriptionId: OTHER }],
  managementGroups: { root: { parent: null, subscriptions: [SUB, OTHER] } },
  resources: [
    at('', 'r0'),
    at(GROUP, 'g'),
    at(`/subscriptions/${SUB}`, 's'),
    at(registry('shop').id, 'r'),
    at(`/subscriptions/${OTHER}`, 'o'),
  ],
};
const text =
  "authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | project name | order by name asc";
const namesFor = async (rest: object) => {
  const found = await rows(simulatorOf(estate), text, rest);
  return (found as { name: string }[]).map((one) => one.name);
};

test.each([
  ['no scope: all', {}, ['g', 'o', 'r', 'r0', 's']],
  ['at the subscription and below, by default', { subscriptions: [SUB] }, ['r', 's']],
  [
    'above too',
    { subscriptions: [SUB], options: { authorizationScopeFilter: 'AtScopeAboveAndBelow' } },
    ['g', 'r', 'r0', 's'],
  ],
  [
    'above and there',
    { subscriptions: [SUB], options: { authorizationScopeFilter: 'AtScopeAndAbove' } },
    ['g', 'r0', 's'],
  ],
  ['there only', { subscriptions: [SUB], options: { authorizationScopeFilter: 'AtScopeExact' } }, ['s']],
  ['a management group and below', { managementGroups: ['root'] }, ['g', 'o', 'r', 's']],
])('%s', async (_name, rest, expected) => {
  expect(await namesFor(rest)).toEqual(expected);
});

test('role definitions, built in and own', async () => {
  const own = {
    id: '/providers/Microsoft.Authorization/roleDefinitions/1',
    properties: { roleName: 'Image Consumer', type: 'CustomRole' },
  };
  const found = await rows(
    simulatorOf({ resources: [own] }),
    "authorizationresources | extend name_ = tostring(properties.roleName) | where name_ in ('AcrPull', 'Image Consumer') | project name_, kind_ = properties.type | order by name_ asc",
  );
  expect(found).toEqual([
    { name_: 'AcrPull', kind_: 'BuiltInRole' },
    { name_: 'Image Consumer', kind_: 'CustomRole' },
  ]);
});
