import { expect, test } from 'vitest';
import { isDirect, registriesBelow, scopeName } from '../../src/access/scopes.ts';
import { OTHER_SUB, registry, registryId, SUB, subscription } from '../build.ts';
import { assignment, PULL } from './builders.ts';

const HERE = registry();
const THERE = registry({ name: 'there', subscriptionId: OTHER_SUB });
const GROUP = `/subscriptions/${SUB}/resourceGroups/rg`;
const TOP = '/providers/Microsoft.Management/managementGroups/top';

test.each([
  ['the registry', registryId('shop'), [SUB], ['shop']],
  ['in other letters', registryId('shop').toUpperCase(), [SUB], ['shop']],
  ['with a slash at the end', `${GROUP}/`, [SUB], ['shop']],
  ['the resource group', GROUP, [SUB], ['shop']],
  ['a resource group whose name begins the same', `${GROUP}-b`, [SUB], []],
  ['one whose name this one begins with', GROUP.slice(0, -1), [SUB], []],
  ['the subscription', `/subscriptions/${SUB}`, [SUB], ['shop']],
  ['another subscription', `/subscriptions/${OTHER_SUB}`, [OTHER_SUB], ['there']],
  ['a child of the registry', `${registryId('shop')}/tokens/ci`, [SUB], []],
  ['something else in the group', `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`, [SUB], []],
  ['a management group, by the lists that have it', TOP, [SUB.toUpperCase()], ['shop']],
  ['a registry of that name in another group', registryId('shop').replace('/rg/', '/rg-b/'), [SUB], []],
  ['no subscription that is known', '/subscriptions/none', ['none'], []],
  ['above both', TOP, [SUB, OTHER_SUB, SUB], ['shop', 'there']],
  ['the root', '/', [OTHER_SUB], ['there']],
])('an assignment at %s', (_, scope, seenIn, expected) => {
  const below = registriesBelow([HERE, THERE]);
  expect(below(assignment(PULL, { scope, seenIn })).map(({ name }) => name)).toEqual(expected);
});

test.each([
  [registryId('shop').toUpperCase(), true],
  [GROUP, false],
])('given at %s is direct: %s', (scope, expected) => {
  expect(isDirect(assignment(PULL, { scope }), HERE)).toBe(expected);
});

test.each([
  [registryId('shop'), 'registry shop'],
  [GROUP, 'resource group rg'],
  [`/subscriptions/${SUB}`, 'subscription Prod'],
  [`/subscriptions/${OTHER_SUB}`, `subscription ${OTHER_SUB}`],
  [TOP, 'management group top'],
  ['/', 'the root of the tenant'],
])('%s is called %s', (scope, expected) => {
  expect(scopeName(scope, [subscription()])).toBe(expected);
});
