import { expect, test } from 'vitest';
import { requiredTagsMissing } from '../../src/checks/required-tags-missing.ts';
import { input, registry, registryId } from '../build.ts';
import { hygiene } from './told.ts';

test.each<[string, string[], Record<string, string>, string[]]>([
  ['nothing is required', [], {}, []],
  ['all there', ['env', 'owner'], { env: 'prod', owner: 'ana' }, []],
  ['names have no letter case', ['Env'], { ENV: 'prod' }, []],
  ['one is missing', ['env', 'owner'], { env: 'prod' }, ['owner']],
  ['both are missing', ['env', 'owner'], {}, ['env', 'owner']],
  ['set to nothing', ['owner'], { owner: ' ' }, ['owner']],
])('%s', (_, requiredTags, tags, missing) => {
  const hits = requiredTagsMissing.run(input({ registries: [registry({ tags })], policy: hygiene({ requiredTags }) }));
  expect(hits.map(({ evidence }) => evidence)).toEqual(missing.length > 0 ? [{ missing }] : []);
});

test('the whole finding', () => {
  const facts = { registries: [registry()], policy: hygiene({ requiredTags: ['env', 'owner'] }) };
  expect(requiredTagsMissing.run(input(facts))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'shop has no env, no owner among its tags.',
      evidence: { missing: ['env', 'owner'] },
      fix: `az tag update --resource-id ${registryId('shop')} --operation merge --tags env=<value> owner=<value>`,
    },
  ]);
});
