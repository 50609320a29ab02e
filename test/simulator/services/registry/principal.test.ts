import { describe, expect, test } from 'vitest';
import { REGISTRY } from '../../ask.ts';
import { basic, get, HOST, post, refreshToken, registry, type Simulator, shop, tokenOf } from './shop.ts';

describe('names and passwords', () => {
  const login = (simulator: Simulator, username: string, password: string, scope = 'repository:app:pull') =>
    get(simulator, `/oauth2/token?service=${HOST}&scope=${scope}`, basic(username, password));

  test('by Basic, by form, or straight at the image', async () => {
    const simulator = shop();
    const token = tokenOf(await login(simulator, 'ci', 'PLANTED-ci'), 'access_token');
    expect((await get(simulator, '/v2/app/manifests/latest', `Bearer ${token}`)).status).toBe(200);
    const form = {
      grant_type: 'password',
      service: HOST,
      scope: 'repository:app:pull',
      username: 'ci',
      password: 'PLANTED-ci',
    };
    expect((await post(simulator, '/oauth2/token', form)).status).toBe(200);
    expect((await get(simulator, '/v2/app/manifests/latest', basic('ci', 'PLANTED-ci'))).status).toBe(200);
    expect((await get(simulator, '/v2/web/manifests/latest', basic('ci', 'PLANTED-ci'))).status).toBe(401);
  });

  test('a refresh token is the password of the zero user', async () => {
    const simulator = shop();
    const token = tokenOf(await refreshToken(simulator), 'refresh_token');
    expect((await login(simulator, '00000000-0000-0000-0000-000000000000', token)).status).toBe(200);
    expect((await login(simulator, '00000000-0000-0000-0000-000000000000', 'nonsense')).status).toBe(401);
  });

  test('of several actions those granted', async () => {
    const answer = await login(shop(), 'ci', 'PLANTED-ci', 'repository:app:pull,push,delete');
    const claims = JSON.parse(Buffer.from(tokenOf(answer, 'access_token').split('.')[1] ?? '', 'base64url').toString());
    expect(claims.grants).toEqual(['repository:app:pull', 'repository:app:push']);
  });

  const token = (properties: object) => ({ id: `${REGISTRY}/tokens/ci`, properties });
  const passwords = (...expiries: (string | null)[]) => ({ passwords: expiries.map((expiry) => ({ expiry })) });
  const application = (...ends: string[]) => ({
    graph: {
      applications: [{ id: 'a', appId: 'sp-app', passwordCredentials: ends.map((endDateTime) => ({ endDateTime })) }],
    },
  });

  test.each([
    ['right', 'ci', 'PLANTED-ci', {}, 200],
    ['wrong', 'ci', 'PLANTED-no', {}, 401],
    [
      'token enabled',
      'ci',
      'PLANTED-ci',
      { resources: [registry(), token({ status: 'enabled', credentials: passwords('2026-11-24T06:00:01Z') })] },
      200,
    ],
    [
      'token expired now',
      'ci',
      'PLANTED-ci',
      { resources: [registry(), token({ status: 'enabled', credentials: passwords('2026-11-24T06:00:00Z') })] },
      401,
    ],
    [
      'one of two expired',
      'ci',
      'PLANTED-ci',
      { resources: [registry(), token({ status: 'enabled', credentials: passwords('2026-11-01T00:00:00Z', null) })] },
      200,
    ],
    [
      'token disabled',
      'ci',
      'PLANTED-ci',
      { resources: [registry(), token({ status: 'disabled', credentials: passwords(null) })] },
      401,
    ],
    ['admin on', 'shop', 'PLANTED-admin', { resources: [registry({ adminUserEnabled: true })] }, 200],
    ['admin off', 'shop', 'PLANTED-admin', { resources: [registry({ adminUserEnabled: false })] }, 401],
    ['admin off by default', 'shop', 'PLANTED-admin', {}, 401],
    ['secret alive', 'sp-app', 'PLANTED-sp', application('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'), 200],
    ['secrets all expired', 'sp-app', 'PLANTED-sp', application('2026-11-01T00:00:00Z'), 401],
  ])('%s: %s', async (_name, username, password, estate, status) => {
    const scope = username === 'sp-app' ? 'repository:base/node:pull' : 'repository:app:pull';
    expect((await login(shop(estate), username, password, scope)).status).toBe(status);
  });

  test.each([
    [true, 'repository:app:pull', 200],
    [true, 'registry:catalog:*', 401],
    [false, 'repository:app:pull', 401],
  ])('nobody, with anonymous pull %s: %s', async (anonymousPullEnabled, scope, status) => {
    const simulator = shop({ resources: [registry({ anonymousPullEnabled })] });
    expect((await get(simulator, `/oauth2/token?service=${HOST}&scope=${scope}`)).status).toBe(status);
  });
});
