import { expect, test } from 'vitest';
import type { Policy } from '../../src/model/policy.ts';
import { shadowsAmong } from '../../src/policy/shadows.ts';
import { parsePolicy } from '../../src/policy.ts';
import { OTHER_SUB, SUB } from '../build.ts';

function policyOf(selectors: string[]): Policy {
  const rules = selectors.map((selector) => `  - { ${selector}, expect: { exposure: private } }\n`);
  return parsePolicy(`network:\n${rules.join('')}`, 'warden.yaml');
}

test.each<[string, string, string]>([
  ['everything', "registry: '*'", 'registry: shop'],
  ['everything, however it is said', "resourceGroup: '*'", 'tags: { env: prod }'],
  ['a pattern', "registry: 'shop*'", 'registry: shop-eu'],
  ['a pattern for a narrower one', "registry: 'shop*'", "registry: 'shop-??-*'"],
  ['a name, for one in a group', 'registry: shop', 'registry: shop, resourceGroup: rg'],
  ['a group', "resourceGroup: 'rg-*'", 'registry: shop, resourceGroup: rg-shop'],
  ['a subscription', `subscription: ${SUB}`, `registry: shop, subscription: ${SUB.toUpperCase()}`],
  ['a tag', 'tags: { env: prod }', 'tags: { tier: a, ENV: prod }'],
  ['the same tags in another order', 'tags: { env: prod, tier: a }', 'tags: { tier: a, env: prod }'],
  ['the same in other words', "registry: 'shop**'", "registry: 'shop*', resourceGroup: '*'"],
])('never counts behind a rule for as much or more: %s', (_, first, second) => {
  expect(shadowsAmong(policyOf([first, second]).network)).toEqual([{ rule: 1, by: 0 }]);
});

test.each<[string, string, string]>([
  ['the same name in other letters', 'registry: shop', 'registry: SHOP'],
  ['the same pattern in other letters', "registry: 'shop-?'", "registry: 'SHOP-?'"],
])('refused behind a rule in the same words: %s', (_, first, second) => {
  expect(() => policyOf([first, second])).toThrow(
    'warden.yaml:3:5: network.1: is about the same as number 1 of this list, which comes first: this rule never counts',
  );
});

test.each<[string, string, string]>([
  ['the narrower one first', 'registry: shop', "registry: 'shop*'"],
  ['one character is not any number of them', "registry: 'shop?'", "registry: 'shop*'"],
  ['nor are two', "registry: '*?'", "registry: '*'"],
  ['a name says nothing of a group', 'registry: shop', 'resourceGroup: shop'],
  ['another group', 'registry: shop, resourceGroup: rg', 'registry: shop, resourceGroup: rg-2'],
  ['another subscription', `subscription: ${SUB}`, `subscription: ${OTHER_SUB}`],
  ['any subscription', `subscription: ${SUB}`, "registry: '*'"],
  ['values of tags have letter case', 'tags: { env: Prod }', 'tags: { env: prod }'],
  ['more tags first', 'tags: { env: prod, tier: a }', 'tags: { env: prod }'],
  ['a tag that a registry of that name may lack', 'tags: { env: prod }', 'registry: shop'],
])('counts: %s', (_, first, second) => {
  expect(shadowsAmong(policyOf([first, second]).network)).toEqual([]);
});

test('each is told with the first that takes its place', () => {
  const { network } = policyOf(['registry: shop', "registry: 'sh*'", 'registry: web', 'registry: ship']);
  expect(shadowsAmong(network)).toEqual([{ rule: 3, by: 1 }]);
});

test('a rule that does not say well which registries it is about takes nobody’s place', () => {
  const rules = ['{ expect: { exposure: private } }', '{ registry: 12, expect: {} }', '{ subscripton: x, expect: {} }'];
  const text = `network: [${rules.join(', ')}, { registry: shop, expect: { exposure: private } }]`;
  expect(() => parsePolicy(text, 'warden.yaml')).toThrow(/^(?!.*never counts)/s);
});
