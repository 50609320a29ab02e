import { expect, test } from 'vitest';
import { cacheRuleNotAllowed } from '../../src/checks/cache-rule-not-allowed.ts';
import type { CacheRule } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { hygiene, told } from './told.ts';

function rule(name: string, sourceRepository: string): CacheRule {
  return { id: `${registryId('shop')}/cacheRules/${name}`, name, registryId: registryId('shop'), sourceRepository };
}

const RULES = [rule('dotnet', 'mcr.microsoft.com/dotnet/sdk'), rule('alpine', 'docker.io/library/alpine')];

test.each([
  ['nothing is said of sources', [], []],
  ['all are allowed', ['*'], []],
  ['each by a pattern', ['mcr.microsoft.com/*', 'docker.io/library/*'], []],
  ['one is not', ['mcr.microsoft.com/*'], ['shop [alpine] medium']],
  [
    'a pattern is about the whole source',
    ['mcr.microsoft.com', 'alpine'],
    ['shop [dotnet] medium', 'shop [alpine] medium'],
  ],
])('%s', (_, allowedCacheSources, expected) => {
  const facts = { registries: [registry()], cacheRules: RULES, policy: hygiene({ allowedCacheSources }) };
  expect(told(cacheRuleNotAllowed, facts)).toEqual(expected);
});

test('the whole finding', () => {
  const facts = { registries: [registry()], cacheRules: RULES, policy: hygiene({ allowedCacheSources: ['mcr.*'] }) };
  expect(cacheRuleNotAllowed.run(input(facts))).toEqual([
    {
      resourceId: registryId('shop'),
      subject: 'alpine',
      reason: 'The cache rule alpine of shop mirrors docker.io/library/alpine, which the policy does not allow.',
      evidence: { sourceRepository: 'docker.io/library/alpine' },
      fix: `az acr cache delete --registry shop --subscription ${SUB} --name alpine`,
    },
  ]);
});
