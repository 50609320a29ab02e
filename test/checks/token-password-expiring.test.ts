import { expect, test } from 'vitest';
import { tokenPasswordExpiring } from '../../src/checks/token-password-expiring.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { inDays, scopeMap } from '../access/builders.ts';
import { DAY, fromNow, input, password, registry, registryId, SUB, token } from '../build.ts';
import { policy, told } from './told.ts';

const PULL = scopeMap('pull', 'repositories/*/content/read');
const PUSH = scopeMap('push', 'repositories/app/content/read', 'repositories/app/content/write');
const DELETE = scopeMap('delete', 'repositories/app/content/delete');

function shop(change: Parameters<typeof token>[0]) {
  return {
    registries: [registry()],
    scopeMaps: [PULL, PUSH, DELETE],
    tokens: [token({ scopeMapId: PULL.id, ...change })],
  };
}

test.each([
  ['30 days and a second', inDays(30, 1), []],
  ['30 days to the second', inDays(30), ['shop [ci/password1] medium']],
  ['14 days and a second', inDays(14, 1), ['shop [ci/password1] medium']],
  ['14 days to the second', inDays(14), ['shop [ci/password1] high']],
  ['3 days and a second', inDays(3, 1), ['shop [ci/password1] high']],
  ['3 days to the second', inDays(3), ['shop [ci/password1] critical']],
  ['a second', fromNow(1), ['shop [ci/password1] critical']],
  ['now: that is expired', fromNow(0), []],
  ['no end', undefined, []],
])('%s left', (_, expiresOn, expected) => {
  expect(told(tokenPasswordExpiring, shop({ passwords: [password(expiresOn)] }))).toEqual(expected);
});

test.each([
  ['pull is not raised', PULL.id, ['shop [ci/password1] medium']],
  ['push is', PUSH.id, ['shop [ci/password1] high']],
  ['delete is', DELETE.id, ['shop [ci/password1] high']],
  [
    'a scope map that could not be read is not',
    `${registryId('shop')}/scopeMaps/unread`,
    ['shop [ci/password1] medium'],
  ],
])('raised: %s', (_, scopeMapId, expected) => {
  expect(told(tokenPasswordExpiring, shop({ scopeMapId, passwords: [password(inDays(20))] }))).toEqual(expected);
});

test('never above critical', () => {
  const facts = shop({ scopeMapId: PUSH.id, passwords: [password(inDays(2))] });
  expect(told(tokenPasswordExpiring, facts)).toEqual(['shop [ci/password1] critical']);
});

test.each([
  ['a disabled token', { enabled: false, passwords: [password(inDays(2))] }],
  [
    'one that a newer one supersedes',
    {
      passwords: [
        { name: 'password1', createdOn: fromNow(-9 * DAY), expiresOn: inDays(2) },
        { name: 'password2', createdOn: fromNow(-DAY), expiresOn: inDays(90) },
      ],
    },
  ],
])('silent: %s', (_, change) => {
  expect(told(tokenPasswordExpiring, shop(change))).toEqual([]);
});

test('two passwords and a certificate are three', () => {
  const facts = shop({
    passwords: [password(inDays(2)), password(inDays(20), 'password2')],
    certificates: [{ name: 'certificate1', expiresOn: inDays(10) }],
  });
  expect(told(tokenPasswordExpiring, facts)).toEqual([
    // A certificate that works longer is in place for the first password, not for the second.
    'shop [ci/password1] high',
    'shop [ci/password2] medium',
    'shop [ci/certificate1] high',
  ]);
});

test('the policy sets the ladder', () => {
  const ladder = { medium: 10, high: 5, critical: 1 };
  const facts = {
    ...shop({ passwords: [password(inDays(8))] }),
    policy: policy({ expiry: { ...DEFAULT_POLICY.expiry, ladder } }),
  };
  expect(told(tokenPasswordExpiring, facts)).toEqual(['shop [ci/password1] medium']);
});

test('the whole finding', () => {
  const facts = shop({ passwords: [password(inDays(20))] });
  const place = `--name ci --registry shop --subscription ${SUB}`;
  expect(
    tokenPasswordExpiring.run(input({ ...facts, registries: [registry({ tags: { owner: 'ana@contoso.com' } })] })),
  ).toEqual([
    {
      resourceId: registryId('shop'),
      subject: 'ci/password1',
      reason: 'The password1 of token ci expires on 2026-12-14 06:00 UTC; it allows pull at shop.',
      severity: 'medium',
      expiresOn: inDays(20),
      owners: ['ana@contoso.com'],
      evidence: {
        holder: 'ci',
        credential: 'password1',
        startsOn: fromNow(-DAY),
        expiresOn: inDays(20),
        grants: ['pull'],
        registries: [registryId('shop')],
        through: ['scope map pull'],
      },
      fix: `az acr token credential generate ${place} --password2 --expiration-in-days 90; hand the new password out; then az acr token credential delete ${place} --password1`,
    },
  ]);
});

const AT_ONCE = 'since generating ends the old password at once';
const PLACE = `--name ci --registry shop --subscription ${SUB}`;
const generate = (slot: string) => `az acr token credential generate ${PLACE} --${slot} --expiration-in-days 90`;
const WHEN_UNUSED = `when no client uses password2 any more, ${AT_ONCE}: ${generate('password2')}; hand the new password out; then az acr token credential delete ${PLACE} --password1`;
const REFUGE = `move its clients to password2, ${AT_ONCE}; then ${generate('password1')}; hand the new password out`;
const OLDER = { name: 'password2', createdOn: fromNow(-9 * DAY) };

test.each([
  ['ends later', password(inDays(200), 'password2'), REFUGE],
  ['never ends', { ...OLDER }, REFUGE],
  ['ends earlier', password(inDays(19), 'password2'), WHEN_UNUSED],
  ['ends with it', password(inDays(20), 'password2'), WHEN_UNUSED],
  ['is superseded', { ...OLDER, expiresOn: fromNow(1800) }, WHEN_UNUSED],
])('with both passwords in use, the command does not end the one that works: the other one %s', (_, other, fix) => {
  const hits = tokenPasswordExpiring.run(input(shop({ passwords: [password(inDays(20)), other] })));
  expect(hits.find(({ subject }) => subject === 'ci/password1')?.fix).toBe(fix);
});

test.each([
  ['90 days', 45, 365, 90],
  ['longer than the ladder is, so that it is not expiring when it is new', 100, 365, 200],
  ['no shorter where the policy lets a secret live less: that is of principals', 100, 150, 200],
])('a new password lives %s', (_, medium, longestLifetime, days) => {
  const ladder = { ...DEFAULT_POLICY.expiry.ladder, medium };
  const expiry = { ...DEFAULT_POLICY.expiry, ladder, longestLifetime };
  const facts = { ...shop({ passwords: [password(inDays(20))] }), policy: policy({ expiry }) };
  expect(tokenPasswordExpiring.run(input(facts))).toMatchObject([
    { fix: expect.stringContaining(` --password2 --expiration-in-days ${days}; `) },
  ]);
});

test.each([
  ['one that ends later', password(inDays(200), 'password2'), 'move its clients to password2 of token ci'],
  [
    'none, and one is superseded',
    { ...OLDER, expiresOn: fromNow(1800) },
    `when no client uses password2 any more, ${AT_ONCE}: ${generate('password2')}; hand the new password out; then take certificate1 of token ci out by hand: az has no command that removes one certificate of a token`,
  ],
])('the clients of a certificate move to a password that works longer: %s', (_, other, fix) => {
  const certificates = [{ name: 'certificate1', expiresOn: inDays(10) }];
  const hits = tokenPasswordExpiring.run(input(shop({ passwords: [password(inDays(5)), other], certificates })));
  expect(hits.find(({ subject }) => subject === 'ci/certificate1')?.fix).toBe(fix);
});

test('a scope map that is not there leaves open what the token may do, and is not called unread', () => {
  const facts = shop({ scopeMapId: `${registryId('shop')}/scopeMaps/gone`, passwords: [password(inDays(20))] });
  const [hit] = tokenPasswordExpiring.run(input(facts));
  expect(hit?.reason).toMatch(/it allows shop \(what it may do there is not known\)\.$/);
});
