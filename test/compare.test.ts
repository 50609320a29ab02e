import { describe, expect, test } from 'vitest';
import { type Comparison, compare, isOpen } from '../src/compare.ts';
import type { ComparedFinding, Finding } from '../src/model/finding.ts';
import type { Source } from '../src/model/source.ts';
import { compared, DAY, finding, fromNow, gap, NOW, registryId, SUB } from './build.ts';

const SHOP = registryId('shop');
const NEEDS: Record<string, readonly Source[]> = {
  'admin-account-enabled': ['registries'],
  'token-password-expiring': ['registries', 'tokens', 'scopeMaps'],
  'principal-secret-expiring': [
    'registries',
    'roleAssignments',
    'roleDefinitions',
    'servicePrincipals',
    'applications',
  ],
  'exception-orphaned': ['registries'],
  'replication-unhealthy': ['registries', 'replications'],
  'unreadable-scope': [],
};

/** A comparison in which everything was read, nothing changed and everything is in scope. */
function comparison(change: Partial<Comparison> = {}): Comparison {
  return {
    previous: [],
    current: [],
    gaps: [],
    deleted: [],
    sweptAt: NOW,
    needsOf: (checkId) => NEEDS[checkId],
    inScope: () => true,
    ...change,
  };
}

function statuses(change: Partial<Comparison>): Pick<ComparedFinding, 'status' | 'statusReason'>[] {
  return compare(comparison(change)).map(({ status, statusReason }) => ({ status, statusReason }));
}

const UNTIL_TODAY = { firstSeen: fromNow(-DAY), lastChanged: fromNow(-DAY) };

describe('seen now', () => {
  test('for the first time: new', () => {
    expect(compare(comparison({ current: [finding()] }))).toEqual([
      { ...finding(), status: 'new', statusReason: '', firstSeen: NOW, lastChanged: NOW },
    ]);
  });

  test('as before: ongoing, with its dates and in today’s words', () => {
    const current = [finding({ reason: 'other words' })];
    expect(compare(comparison({ previous: [compared()], current }))).toEqual([
      { ...finding({ reason: 'other words' }), status: 'ongoing', statusReason: '', ...UNTIL_TODAY },
    ]);
  });

  test.each([
    ['other evidence', { evidence: { adminUserEnabled: true, since: 'x' } }],
    ['another severity', { severity: 'critical' as const }],
  ])('with %s: changed', (_what, change) => {
    expect(compare(comparison({ previous: [compared()], current: [finding(change)] }))).toEqual([
      { ...finding(change), status: 'changed', statusReason: '', firstSeen: fromNow(-DAY), lastChanged: NOW },
    ]);
  });

  test('evidence in another order of keys is the same evidence', () => {
    const previous = [compared({ evidence: { a: 1, b: { c: [1, 2], d: null } } })];
    const current = [finding({ evidence: { b: { d: null, c: [1, 2] }, a: 1 } })];
    expect(statuses({ previous, current })).toEqual([{ status: 'ongoing', statusReason: '' }]);
  });

  test('a list in another order is other evidence', () => {
    const previous = [compared({ evidence: { ipRules: ['a', 'b'] } })];
    const current = [finding({ evidence: { ipRules: ['b', 'a'] } })];
    expect(statuses({ previous, current })).toEqual([{ status: 'changed', statusReason: '' }]);
  });
});

describe('not seen any more', () => {
  const cases: [string, Partial<Comparison>, string, string][] = [
    ['everything was read', {}, 'resolved', 'fixed'],
    ['a GET answered 404', { deleted: [SHOP] }, 'resolved', 'deleted'],
    ['404, in another letter case', { deleted: [SHOP.toUpperCase()] }, 'resolved', 'deleted'],
    ['another registry is gone', { deleted: [registryId('sho')] }, 'resolved', 'fixed'],
    ['the policy wants it no longer', { inScope: () => false }, 'resolved', 'out-of-scope'],
    ['its check is off', { needsOf: () => undefined }, 'resolved', 'out-of-scope'],
    ['its registry could not be read', { gaps: [gap({ scope: SHOP })] }, 'unverified', ''],
    ['its subscription could not be read', { gaps: [gap()] }, 'unverified', ''],
    ['nothing could be read', { gaps: [gap({ scope: '/' })] }, 'unverified', ''],
    [
      'the list of subscriptions broke, which registries stand on',
      { gaps: [gap({ source: 'subscriptions', scope: '/' })] },
      'unverified',
      '',
    ],
    ['only its tokens could not be read', { gaps: [gap({ source: 'tokens', scope: SHOP })] }, 'resolved', 'fixed'],
    ['another registry could not be read', { gaps: [gap({ scope: registryId('shop2') })] }, 'resolved', 'fixed'],
    [
      'a gap elsewhere blinds it',
      { gaps: [gap({ scope: '/subscriptions/x/resourceGroups/net', blinds: [SHOP] })] },
      'unverified',
      '',
    ],
    ['it is gone, and a gap covers it', { deleted: [SHOP], gaps: [gap()] }, 'resolved', 'deleted'],
  ];
  test.each(cases)('%s', (_what, change, status, statusReason) => {
    expect(statuses({ previous: [compared()], ...change })).toEqual([{ status, statusReason }]);
  });

  test('resolved: changed now; unverified: everything as it was', () => {
    expect(compare(comparison({ previous: [compared()] }))).toEqual([
      { ...finding(), status: 'resolved', statusReason: 'fixed', firstSeen: fromNow(-DAY), lastChanged: NOW },
    ]);
    expect(compare(comparison({ previous: [compared()], gaps: [gap()] }))).toEqual([
      { ...finding(), status: 'unverified', statusReason: '', ...UNTIL_TODAY },
    ]);
  });

  test('unverified and seen again: not new', () => {
    const [unverified] = compare(comparison({ previous: [compared()], gaps: [gap()] }));
    if (!unverified) throw new Error('nothing was compared');
    expect(statuses({ previous: [unverified], current: [finding()] })).toEqual([
      { status: 'ongoing', statusReason: '' },
    ]);
  });
});

describe('a gap hides what needs it', () => {
  const token = { checkId: 'token-password-expiring', subject: 'ci/password1' };
  const secret = {
    checkId: 'principal-secret-expiring',
    resourceId: '/servicePrincipals/p1',
    subject: 'secret/k1',
    evidence: { registries: [SHOP, registryId('pay')] },
  };
  const cases: [string, Partial<Finding>, Partial<ReturnType<typeof gap>>, string][] = [
    ['tokens hide a token password', token, { source: 'tokens', scope: SHOP }, 'unverified'],
    ['scope maps hide a token password', token, { source: 'scopeMaps', scope: SHOP }, 'unverified'],
    ['the list of registries hides a token password', token, { source: 'registries' }, 'unverified'],
    ['roles of one of its registries hide a secret', secret, { source: 'roleAssignments' }, 'unverified'],
    ['the directory hides a secret', secret, { source: 'applications', scope: '/' }, 'unverified'],
    [
      'its principal hides a secret',
      secret,
      { source: 'servicePrincipals', scope: '/servicePrincipals/p1' },
      'unverified',
    ],
    ['another principal does not', secret, { source: 'servicePrincipals', scope: '/servicePrincipals/p2' }, 'resolved'],
    ['roles elsewhere do not', secret, { source: 'roleAssignments', scope: '/subscriptions/other' }, 'resolved'],
  ];
  test.each(cases)('%s', (_what, change, hole, status) => {
    const gaps = [gap(hole)];
    expect(statuses({ previous: [compared(change)], gaps })).toEqual([expect.objectContaining({ status })]);
  });

  test('half blind, a finding gets no milder', () => {
    const previous = [compared({ ...secret, severity: 'high' })];
    const current = [finding({ ...secret, severity: 'medium', evidence: { registries: [registryId('pay')] } })];
    const gaps = [gap({ source: 'roleAssignments' })];
    expect(compare(comparison({ previous, current, gaps }))).toEqual([
      { ...compared({ ...secret, severity: 'high' }), status: 'unverified' },
    ]);
  });

  test('half blind, it does not lose a registry', () => {
    const previous = [compared(secret)];
    const current = [finding({ ...secret, evidence: { registries: [registryId('pay')] } })];
    const gaps = [gap({ source: 'roleAssignments' })];
    expect(compare(comparison({ previous, current, gaps }))).toEqual([{ ...compared(secret), status: 'unverified' }]);
    expect(statuses({ previous, current })).toEqual([{ status: 'changed', statusReason: '' }]);
  });

  test('half blind, it does get worse', () => {
    const previous = [compared({ ...secret, severity: 'medium' })];
    const current = [finding({ ...secret, severity: 'high' })];
    const gaps = [gap({ source: 'roleAssignments' })];
    expect(statuses({ previous, current, gaps })).toEqual([{ status: 'changed', statusReason: '' }]);
  });

  test('a gap hides the gaps behind it', () => {
    const previous = [compared({ checkId: 'unreadable-scope', subject: 'tokens' })];
    expect(statuses({ previous, gaps: [gap()] })).toEqual([{ status: 'unverified', statusReason: '' }]);
    expect(statuses({ previous })).toEqual([{ status: 'resolved', statusReason: 'fixed' }]);
  });
});

test('only what is resolved is closed', () => {
  const all = (['new', 'changed', 'ongoing', 'resolved', 'unverified'] as const).map((status) => compared({ status }));
  expect(all.filter(isOpen).map(({ status }) => status)).toEqual(['new', 'changed', 'ongoing', 'unverified']);
});

test('a credential that went from expiring to expired is open under its next name', () => {
  const password = { subject: 'ci/password1', category: 'credentials' } as const;
  const old = compared({ ...password, findingId: 'old', checkId: 'token-password-expiring' });
  const now = finding({ ...password, findingId: 'new', checkId: 'token-password-expired' });
  expect(statuses({ previous: [old], current: [now] })).toEqual([
    { status: 'new', statusReason: '' },
    // Not fixed: nobody rotated it.
    { status: 'resolved', statusReason: 'out-of-scope' },
  ]);
});

test('an exception that was for no registry and has ended now is open under its next name', () => {
  const line = { resourceId: '/policy', subject: 'admin-account-enabled/web', category: 'coverage' } as const;
  const old = compared({ ...line, findingId: 'old', checkId: 'exception-orphaned' });
  const now = finding({ ...line, findingId: 'new', checkId: 'exception-expired' });
  expect(statuses({ previous: [old], current: [now] })).toEqual([
    { status: 'new', statusReason: '' },
    { status: 'resolved', statusReason: 'out-of-scope' },
  ]);
});

test.each([
  ['is the same in another letter case', { resourceId: SHOP.toUpperCase(), subject: 'CI/password1' }, 'out-of-scope'],
  ['is another credential', { subject: 'ci/password2' }, 'fixed'],
  ['is one of another registry', { resourceId: registryId('web') }, 'fixed'],
])('what has just expired %s: the one that is not expiring any more is so accordingly', (_what, change, reason) => {
  const password = { subject: 'ci/password1', category: 'credentials' } as const;
  const old = compared({ ...password, findingId: 'old', checkId: 'token-password-expiring' });
  const now = { ...password, findingId: 'new', checkId: 'token-password-expired', ...change };
  expect(statuses({ previous: [old], current: [finding(now)] })).toEqual([
    { status: 'new', statusReason: '' },
    { status: 'resolved', statusReason: reason },
  ]);
});

test('what is mended is fixed, whatever else has long been wrong with the same thing', () => {
  const password = { subject: 'ci/password1', category: 'credentials' } as const;
  const mended = compared({ ...password, findingId: 'old', checkId: 'token-password-expiring' });
  const other = finding({ ...password, findingId: 'other', checkId: 'token-password-expired' });
  expect(statuses({ previous: [mended, compared(other)], current: [other] })).toEqual([
    { status: 'ongoing', statusReason: '' },
    { status: 'resolved', statusReason: 'fixed' },
  ]);
});

test('what is mended is fixed, though something else is wrong with what stands in its place', () => {
  const mended = compared({ findingId: 'old', checkId: 'replication-unhealthy', subject: 'westeurope' });
  const other = finding({ findingId: 'new', checkId: 'zone-redundancy-disabled', subject: 'westeurope' });
  expect(statuses({ previous: [mended], current: [other] })).toEqual([
    { status: 'new', statusReason: '' },
    { status: 'resolved', statusReason: 'fixed' },
  ]);
});

test('of two findings about one registry each has its own fate', () => {
  const open = finding({ findingId: 'open', checkId: 'public-network-access-enabled' });
  expect(statuses({ previous: [compared()], current: [open] })).toEqual([
    { status: 'new', statusReason: '' },
    { status: 'resolved', statusReason: 'fixed' },
  ]);
});

test('places of the subscription itself', () => {
  const previous = [
    compared({ resourceId: `/subscriptions/${SUB}`, subject: 'registries', checkId: 'unreadable-scope' }),
  ];
  expect(statuses({ previous, gaps: [gap()] })).toEqual([{ status: 'unverified', statusReason: '' }]);
});
