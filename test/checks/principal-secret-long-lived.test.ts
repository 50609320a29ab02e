import { expect, test } from 'vitest';
import { principalSecretLongLived } from '../../src/checks/principal-secret-long-lived.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { assignment, CI, holding, inDays, PUSH, secret } from '../access/builders.ts';
import { fromNow, input, NOW } from '../build.ts';
import { policy, told } from './told.ts';

const FOUND = `${CI} [secret/key-1]`;

test.each([
  ['365 days', inDays(-1), inDays(364), []],
  ['365 days and 23 hours', inDays(-1), inDays(364, 23 * 3600), []],
  ['366 days', inDays(-1), inDays(365), [`${FOUND} low`]],
  ['years, and expired', inDays(-900), inDays(-1), []],
  ['years, and it starts later', inDays(1), inDays(900), [`${FOUND} low`]],
  ['no start', undefined, inDays(900), []],
  ['no end', fromNow(0), undefined, []],
])('%s', (_, startsOn, expiresOn, expected) => {
  const { startsOn: _own, ...made } = secret(expiresOn);
  expect(told(principalSecretLongLived, holding([{ ...made, ...(startsOn && { startsOn }) }]))).toEqual(expected);
});

const LONG = secret(inDays(700), { startsOn: inDays(-1) });

test.each([
  ['it pushes: raised', [LONG], { roleAssignments: [assignment(PUSH)] }, [`${FOUND} medium`]],
  ['superseded', [LONG, secret(inDays(800), { keyId: 'new', startsOn: fromNow(0) })], {}, [`${CI} [secret/new] low`]],
  ['a certificate', [{ ...LONG, kind: 'certificate' as const }], {}, []],
])('%s', (_, secrets, change, expected) => {
  expect(told(principalSecretLongLived, holding(secrets, change))).toEqual(expected);
});

test.each([
  ['a year', NOW, 365, '2027-11-24'],
  ['no more days though there is a 29 February in it', '2027-11-24T06:00:00.000Z', 365, '2028-11-23'],
  ['a year where more is allowed', NOW, 700, '2027-11-24'],
  ['as long as is allowed', NOW, 90, '2027-02-22'],
])('a new secret lives %s', (_, now, longestLifetime, end) => {
  const facts = {
    ...holding([secret(inDays(2000), { startsOn: inDays(-1) })]),
    now,
    policy: policy({ expiry: { ...DEFAULT_POLICY.expiry, longestLifetime } }),
  };
  expect(principalSecretLongLived.run(input(facts))).toMatchObject([
    { fix: expect.stringMatching(`^az ad app credential reset --id app-1 --append --end-date ${end}; `) },
  ]);
});

test('the policy says how long', () => {
  const longestLifetime = 90;
  const facts = {
    ...holding([secret(inDays(50), { startsOn: inDays(-50) })]),
    policy: policy({ expiry: { ...DEFAULT_POLICY.expiry, longestLifetime } }),
  };
  expect(told(principalSecretLongLived, facts)).toEqual([`${FOUND} low`]);
});
