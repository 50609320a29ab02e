import { expect, test } from 'vitest';
import { tokenPasswordNeverExpires } from '../../src/checks/token-password-never-expires.ts';
import { inDays, scopeMap } from '../access/builders.ts';
import { DAY, fromNow, password, registry, token } from '../build.ts';
import { told } from './told.ts';

const ADMIN = scopeMap('admin', 'repositories/*/content/read', 'repositories/*/content/delete');

test.each([
  ['no end', { passwords: [password()] }, ['shop [ci/password1] medium']],
  ['an end in the far future', { passwords: [password(inDays(3650))] }, []],
  ['it deletes: raised', { scopeMapId: ADMIN.id, passwords: [password()] }, ['shop [ci/password1] high']],
  ['a disabled token is silent', { enabled: false, passwords: [password()] }, []],
  [
    'superseded and without an end: both are found',
    { passwords: [{ name: 'password1', createdOn: fromNow(-9 * DAY) }, password(undefined, 'password2')] },
    ['shop [ci/password1] medium', 'shop [ci/password2] medium'],
  ],
  ['a certificate without an end', { certificates: [{ name: 'certificate1' }] }, ['shop [ci/certificate1] medium']],
])('%s', (_, change, expected) => {
  const facts = { registries: [registry()], scopeMaps: [ADMIN], tokens: [token(change)] };
  expect(told(tokenPasswordNeverExpires, facts)).toEqual(expected);
});
