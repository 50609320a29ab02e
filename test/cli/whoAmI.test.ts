import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { whoAmI } from '../../src/cli/whoAmI.ts';

const CONTAINER = 'https://account.blob.core.windows.net/acr-warden';

function login(token: string) {
  return { getToken: async () => ({ token, expiresOnTimestamp: 0 }) };
}

function jwt(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
}

test.each([
  ['a person', { upn: 'ana@contoso.com', oid: 'o1' }, 'ana@contoso.com'],
  ['a guest', { unique_name: 'live.com#ana@example.com', oid: 'o1' }, 'live.com#ana@example.com'],
  ['an application', { appid: 'a1', oid: 'o1' }, 'a1'],
])('in Azure: %s', async (_what, claims, name) => {
  expect(await whoAmI(CONTAINER, login(jwt(claims)))).toBe(name);
});

test.each([
  ['no JWT', 'opaque'],
  ['a JWT that names nobody', jwt({ aud: 'x' })],
])('in Azure, with %s: asked for, and the token is in no message', async (_what, token) => {
  const message = 'the Azure login does not say who you are; name yourself with --by';
  await expect(whoAmI(CONTAINER, login(token))).rejects.toThrow(new Error(message));
});

test.each(['state', 'http://127.0.0.1:10000/devstoreaccount1/warden'])('on this machine: %s', async (place) => {
  expect(await whoAmI(place, login('never asked for'))).toBe(userInfo().username);
});
