import { expect, test } from 'vitest';
import { explainMutes } from '../../../src/cli/render/mutes.ts';
import { DEFAULT_POLICY } from '../../../src/policy.ts';
import { compared, NOW } from '../../build.ts';

const EXCEPTION = {
  check: 'admin-account-enabled',
  registry: 'shop',
  owner: 'ana@contoso.com',
  reason: 'vendor appliance',
  until: '2027-03-31',
};

test('what each exception mutes, those that have ended and those that mute nothing too', () => {
  const policy = {
    ...DEFAULT_POLICY,
    exceptions: [
      EXCEPTION,
      { ...EXCEPTION, registry: 'sh*', until: '2026-11-23' },
      { ...EXCEPTION, registry: 'web', subject: 'ci/password1' },
    ],
  };
  const findings = [
    compared(),
    compared({ findingId: 'b', checkId: 'other' }),
    compared({ findingId: 'c', status: 'resolved' }),
  ];
  expect(
    explainMutes(policy, findings, NOW),
  ).toBe(`admin-account-enabled on shop until 2027-03-31 (ana@contoso.com: vendor appliance)
  mutes 1 of 2 open findings:
    high      The admin account of shop is enabled.

admin-account-enabled on sh* until 2026-11-23 (ana@contoso.com: vendor appliance)
  ended, mutes nothing; it is about 1 of 2 open findings:
    high      The admin account of shop is enabled.

admin-account-enabled on web, ci/password1 until 2027-03-31 (ana@contoso.com: vendor appliance)
  mutes 0 of 2 open findings
`);
});

test('a policy without exceptions', () => {
  expect(explainMutes(DEFAULT_POLICY, [compared()], NOW)).toBe('The policy has no exceptions.\n');
});
