import { expect, test } from 'vitest';
import { PolicyError, parsePolicy } from '../../src/policy.ts';
import { OTHER_SUB, SUB } from '../build.ts';

/** Which rules never count, by their index, and because of which, by its number. */
function shadowsIn(selectors: string[]): string[] {
  const rules = selectors.map((selector) => `  - { ${selector}, expect: { exposure: private } }\n`);
  try {
    parsePolicy(`network:\n${rules.join('')}`, 'warden.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const problem = /network\.(\d+): never counts: number (\d+) of this list comes first, and fits whatever this one/;
    return error.message
      .split('\n')
      .map((line) => line.replace(/^.*$/, (all) => problem.exec(all)?.slice(1).join(' by ') ?? all));
  }
}

test.each<[string, string, string]>([
  ['everything', "registry: '*'", 'registry: shop'],
  ['everything, however it is said', "resourceGroup: '*'", 'tags: { env: prod }'],
  ['the same name in other letters', 'registry: shop', 'registry: SHOP'],
  ['a pattern', "registry: 'shop*'", 'registry: shop-eu'],
  ['a pattern for a narrower one', "registry: 'shop*'", "registry: 'shop-??-*'"],
  ['a pattern of the same length', "registry: 'shop-?'", "registry: 'SHOP-?'"],
  ['a name, for one in a group', 'registry: shop', 'registry: shop, resourceGroup: rg'],
  ['a group', "resourceGroup: 'rg-*'", 'registry: shop, resourceGroup: rg-shop'],
  ['a subscription', `subscription: ${SUB}`, `registry: shop, subscription: ${SUB.toUpperCase()}`],
  ['a tag', 'tags: { env: prod }', 'tags: { tier: a, ENV: prod }'],
  ['the same tags in another order', 'tags: { env: prod, tier: a }', 'tags: { tier: a, env: prod }'],
])('refused behind a rule for as much or more: %s', (_, first, second) => {
  expect(shadowsIn([first, second])).toEqual(['1 by 1']);
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
])('taken: %s', (_, first, second) => {
  expect(shadowsIn([first, second])).toEqual([]);
});

test('each is told with the first that takes its place', () => {
  expect(shadowsIn(['registry: shop', "registry: 'sh*'", 'registry: shop', 'registry: web', 'registry: ship'])).toEqual(
    ['2 by 1', '4 by 2'],
  );
});

test('a rule that does not say well which registries it is about takes nobody’s place', () => {
  const rules = ['{ expect: { exposure: private } }', '{ registry: 12, expect: {} }', '{ subscripton: x, expect: {} }'];
  const text = `network: [${rules.join(', ')}, { registry: shop, expect: { exposure: private } }]`;
  expect(() => parsePolicy(text, 'warden.yaml')).toThrow(/^(?!.*never counts)/s);
});
