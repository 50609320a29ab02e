import { expect, test } from 'vitest';
import { tokenPasswordExpired } from '../../src/checks/token-password-expired.ts';
import { inDays, scopeMap } from '../access/builders.ts';
import { DAY, fromNow, input, password, registry, token } from '../build.ts';
import { told } from './told.ts';

const PUSH = scopeMap('push', 'repositories/*/content/write');

function shop(passwords: Parameters<typeof token>[0] = {}) {
  return { registries: [registry()], scopeMaps: [PUSH], tokens: [token(passwords)] };
}

const DEAD = password(inDays(-4));
const DEAD_CERTIFICATE = { name: 'certificate1', expiresOn: inDays(-4) };

test.each([
  ['ends now', { passwords: [password(fromNow(0))] }, ['shop [ci/password1] critical']],
  ['ends in a second', { passwords: [password(fromNow(1))] }, []],
  ['the only one', { passwords: [DEAD] }, ['shop [ci/password1] critical']],
  [
    'both dead: critical on the one that died last',
    { passwords: [password(inDays(-9)), password(inDays(-4), 'password2')] },
    ['shop [ci/password1] low', 'shop [ci/password2] critical'],
  ],
  [
    'another one lives, and started earlier, so that it supersedes nothing',
    { passwords: [DEAD, { name: 'password2', createdOn: fromNow(-9 * DAY), expiresOn: inDays(9) }] },
    ['shop [ci/password1] low'],
  ],
  [
    'a newer one lives: superseded',
    { passwords: [{ ...DEAD, createdOn: fromNow(-9 * DAY) }, password(inDays(9), 'password2')] },
    [],
  ],
  [
    'one that starts only later is no help yet',
    { passwords: [DEAD, { name: 'password2', createdOn: inDays(1), expiresOn: inDays(9) }] },
    ['shop [ci/password1] critical'],
  ],
  [
    'a certificate lives',
    { passwords: [DEAD], certificates: [{ name: 'certificate1' }] },
    ['shop [ci/password1] info'],
  ],
  ['a disabled token is silent', { enabled: false, passwords: [DEAD] }, []],
  [
    'one that pushes, not the last',
    { scopeMapId: PUSH.id, passwords: [DEAD, password(undefined, 'password2')] },
    ['shop [ci/password1] medium'],
  ],
])('%s', (_, change, expected) => {
  expect(told(tokenPasswordExpired, shop(change))).toEqual(expected);
});

test.each([
  [
    'a certificate that is of no use any more',
    { passwords: [password(inDays(200))], certificates: [DEAD_CERTIFICATE] },
  ],
  ['the last one', { passwords: [], certificates: [DEAD_CERTIFICATE] }],
])('%s does not take its token along', (_, change) => {
  const [{ fix } = { fix: '' }] = tokenPasswordExpired.run(input(shop(change)));
  expect(fix).toContain('take certificate1 of token ci out by hand');
  expect(fix).not.toContain('token delete');
});
