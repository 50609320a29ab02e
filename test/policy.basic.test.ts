import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, PolicyError, parsePolicy } from '../src/policy.ts';
import { SUB } from './build.ts';

function problemsIn(text: string): string[] {
  try {
    parsePolicy(text, 'warden.yaml');
  } catch (error) {
    if (error instanceof PolicyError) return error.message.split('\n');
    throw error;
  }
  throw new Error('nothing was refused');
}

test.each([
  ['an empty file', ''],
  ['only comments', '# nothing\n'],
  ['empty parts', 'scope: {}\nexpiry: {}\nchecks: {}\n'],
])('%s is the default', (_what, text) => {
  expect(parsePolicy(text, 'warden.yaml')).toEqual(DEFAULT_POLICY);
});

test('what is written is taken, the rest is the default', () => {
  const text = `
scope:
  subscriptions: [${SUB}]
  exclude: { tags: { acr-warden: ignore } }
expiry:
  ladder: { medium: 60, high: 21, critical: 7 }
  raiseAbove: 3
checks:
  admin-account-enabled: off
  public-network-access-enabled: low
`;
  expect(parsePolicy(text, 'warden.yaml')).toEqual({
    ...DEFAULT_POLICY,
    scope: { subscriptions: [SUB], excludeTags: { 'acr-warden': 'ignore' } },
    expiry: { ...DEFAULT_POLICY.expiry, ladder: { medium: 60, high: 21, critical: 7 }, raiseAbove: 3 },
    checks: { 'admin-account-enabled': 'off', 'public-network-access-enabled': 'low' },
  });
});

test('all mistakes come at once, each with its place', () => {
  const text = `scope:
  subscriptions: [nope]
  colour: red
expiry:
  ladder: { medium: 3, high: 14, critical: 30 }
checks:
  admin-account-enabled: urgent
  admin-acount: off
profil: auth
`;
  expect(problemsIn(text)).toEqual([
    'warden.yaml:2:19: scope.subscriptions.0: must be a subscription id, a guid',
    "warden.yaml:3:3: scope.colour: unknown key 'colour'",
    'warden.yaml:5:11: expiry.ladder: medium, high and critical must descend, as in { medium: 30, high: 14, critical: 3 }',
    'warden.yaml:7:26: checks.admin-account-enabled: must be off or a severity',
    "warden.yaml:8:3: checks.admin-acount: there is no check 'admin-acount'; acr-warden checks lists them",
    "warden.yaml:9:1: profil: unknown key 'profil'",
  ]);
});

describe('what is no YAML says where', () => {
  test.each([
    ['a bracket that stays open', 'checks: {admin-account-enabled: off', /^warden\.yaml:1:36: /],
    [
      'a key twice',
      'checks:\n  admin-account-enabled: off\n  admin-account-enabled: high\n',
      /^warden\.yaml:3:3: Map keys/,
    ],
    ['two documents', 'profile: auth\n---\nprofile: full', /^warden\.yaml:2:1: begins a second document: /],
    ['an alias without an anchor', 'scope: *x', /^warden\.yaml:1:8: \*x names no anchor/],
    ['a list', '- 1', /^warden\.yaml:1:1: must be a map of options/],
  ])('%s', (_what, text, expected) => {
    expect(problemsIn(text)[0]).toMatch(expected);
  });
});

describe('a ladder descends', () => {
  test.each([
    ['30, 14, 3', true],
    ['3, 2, 1', true],
    ['30, 30, 3', false],
    ['30, 14, 14', false],
    ['14, 30, 3', false],
    ['30, 14, 0', false],
    ['30.5, 14, 3', false],
  ])('%s: %s', (days, allowed) => {
    const [medium, high, critical] = days.split(', ');
    const text = `expiry: { ladder: { medium: ${medium}, high: ${high}, critical: ${critical} } }`;
    const read = (): unknown => parsePolicy(text, 'warden.yaml');
    if (allowed) expect(read).not.toThrow();
    else expect(read).toThrow(PolicyError);
  });
});
