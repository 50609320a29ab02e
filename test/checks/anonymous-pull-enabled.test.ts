import { expect, test } from 'vitest';
import { anonymousPullEnabled } from '../../src/checks/anonymous-pull-enabled.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

test.each([
  ['off is silent', registry(), []],
  ['on, private', registry({ anonymousPullEnabled: true }), ['shop high']],
  ['on, Standard', registry({ anonymousPullEnabled: true, sku: 'Standard', exposure: 'public' }), ['shop high']],
])('%s', (_, one, expected) => {
  expect(told(anonymousPullEnabled, { registries: [one] })).toEqual(expected);
});

test('says what is open and how to close it', () => {
  const shop = registry({ anonymousPullEnabled: true });
  expect(anonymousPullEnabled.run(input({ registries: [shop] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'shop gives every image of every repository to whoever reaches it, without a sign-in.',
      evidence: { anonymousPullEnabled: true, exposure: 'private' },
      fix: `Give whoever pulls without a sign-in AcrPull or a token; then az acr update --name shop --subscription ${SUB} --anonymous-pull-enabled false`,
    },
  ]);
});
