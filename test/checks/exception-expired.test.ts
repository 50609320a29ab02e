import { expect, test } from 'vitest';
import { exceptionExpired } from '../../src/checks/exception-expired.ts';
import { input } from '../build.ts';
import { policy } from './told.ts';

const EXCEPTION = {
  check: 'admin-account-enabled',
  registry: 'shop',
  owner: 'ana@contoso.com',
  reason: 'vendor appliance',
  until: '2026-11-24',
};

test.each([
  ['days before', '2026-11-20T12:00:00.000Z', 0],
  ['on its last day', '2026-11-24T00:00:00.000Z', 0],
  ['in its last second', '2026-11-24T23:59:59.000Z', 0],
  ['at 24:00', '2026-11-25T00:00:00.000Z', 1],
  ['a second later', '2026-11-25T00:00:01.000Z', 1],
  ['a year later', '2027-11-24T00:00:00.000Z', 1],
])('%s', (_, now, count) => {
  expect(exceptionExpired.run(input({ now, policy: policy({ exceptions: [EXCEPTION] }) }))).toHaveLength(count);
});

test('no exception, no finding', () => {
  expect(exceptionExpired.run(input())).toEqual([]);
});

test('names who wanted it and why; its owner is told', () => {
  const exceptions = [{ ...EXCEPTION, subject: 'x' }];
  expect(exceptionExpired.run(input({ now: '2026-12-01T00:00:00.000Z', policy: policy({ exceptions }) }))).toEqual([
    {
      resourceId: '/policy',
      subject: 'admin-account-enabled/shop/x',
      reason:
        'The exception of admin-account-enabled for shop ended on 2026-11-24; ana@contoso.com wanted it: "vendor appliance".',
      evidence: {
        check: 'admin-account-enabled',
        registry: 'shop',
        subject: 'x',
        owner: 'ana@contoso.com',
        until: '2026-11-24',
      },
      owners: ['ana@contoso.com'],
      fix: 'Mend what admin-account-enabled finds on shop and remove the exception from warden.yaml, or give it a later "until" with a reason that holds today',
    },
  ]);
});
