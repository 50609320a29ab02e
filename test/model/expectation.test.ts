import { expect, test } from 'vitest';
import { expectedByPolicy, wordsOf } from '../../src/model/expectation.ts';
import type { RegistrySelector } from '../../src/model/policy.ts';
import { OTHER_SUB, registry, SUB } from '../build.ts';

const shop = registry({ tags: { env: 'prod', Owner: 'ana' } });

test.each<[string, RegistrySelector, boolean]>([
  ['a name', { registry: 'shop' }, true],
  ['a name without letter case', { registry: 'Shop' }, true],
  ['a part of a name is no name', { registry: 'sho' }, false],
  ['a pattern', { registry: 's*p' }, true],
  ['one character', { registry: 'sho?' }, true],
  ['one character is not none', { registry: 'shop?' }, false],
  ['a dot is a dot', { registry: 'sh.p' }, false],
  ['everything', { registry: '*' }, true],
  ['a resource group', { resourceGroup: 'RG' }, true],
  ['another resource group', { resourceGroup: 'rg-shop' }, false],
  ['a subscription', { subscription: SUB.toUpperCase() }, true],
  ['another subscription', { subscription: OTHER_SUB }, false],
  ['a tag', { tags: { env: 'prod' } }, true],
  ['names of tags have no letter case', { tags: { ENV: 'prod', owner: 'ana' } }, true],
  ['values of tags do', { tags: { env: 'Prod' } }, false],
  ['one tag of two', { tags: { env: 'prod', team: 'x' } }, false],
  ['all of it has to fit', { registry: 'shop', tags: { env: 'dev' } }, false],
])('%s', (_, selector, fits) => {
  const expected = { exposure: 'private' } as const;
  expect(expectedByPolicy(shop, { network: [{ ...selector, expect: expected }] })).toEqual(fits ? expected : undefined);
});

test('the first rule that fits counts, and alone', () => {
  const network = [
    { registry: 'web', expect: { adminUser: true } },
    { registry: 'sh*', expect: { exposure: 'private' } as const },
    { registry: 'shop', expect: { exposure: 'public', dataEndpoint: true } as const },
  ];
  expect(expectedByPolicy(shop, { network })).toEqual({ exposure: 'private' });
});

test('a rule in words', () => {
  expect(wordsOf({ registry: 'shop*', subscription: SUB, tags: { env: 'prod', tier: '1' } })).toBe(
    `registry: shop*, subscription: ${SUB}, tags: env=prod,tier=1`,
  );
});
