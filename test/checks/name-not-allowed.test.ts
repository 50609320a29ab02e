import { expect, test } from 'vitest';
import { nameNotAllowed } from '../../src/checks/name-not-allowed.ts';
import { input, registry, registryId } from '../build.ts';
import { hygiene, told } from './told.ts';

test.each([
  ['no pattern', '', []],
  ['it fits', '^sh', []],
  ['it does not', '^contoso[a-z]+$', ['shop info']],
  ['letter case counts', '^SHOP$', ['shop info']],
])('%s', (_, namePattern, expected) => {
  expect(told(nameNotAllowed, { registries: [registry()], policy: hygiene({ namePattern }) })).toEqual(expected);
});

test('the whole finding', () => {
  expect(nameNotAllowed.run(input({ registries: [registry()], policy: hygiene({ namePattern: '^cr' }) }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'The name shop does not fit ^cr.',
      evidence: { name: 'shop', namePattern: '^cr' },
      fix: 'A registry cannot be renamed: make one with a name that fits, az acr import what shop holds, and point the clients to it',
    },
  ]);
});
