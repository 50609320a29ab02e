import { describe, expect, test } from 'vitest';
import { SIMULATED_CALLER } from '../../../../simulator/index.ts';
import { REGISTRY } from '../../ask.ts';
import { accessFor, get, HOST, ROOT, refreshToken, registry, shop, tokenOf } from './shop.ts';

describe('from a directory token to the image', () => {
  test('refresh token, access token, catalog, tags, manifest', async () => {
    const simulator = shop();
    const catalog = tokenOf(await accessFor(simulator, 'registry:catalog:*'), 'access_token');
    const { body, headers } = await get(simulator, '/v2/_catalog?n=2', `Bearer ${catalog}`);
    expect([body, headers.get('link')]).toEqual([
      { repositories: ['app', 'base/node'] },
      '</v2/_catalog?last=base%2Fnode&n=2&orderby=>; rel="next"',
    ]);
    expect((await get(simulator, '/v2/_catalog?last=base%2Fnode&n=2', `Bearer ${catalog}`)).body).toEqual({
      repositories: ['web'],
    });
    const pull = `Bearer ${tokenOf(await accessFor(simulator, 'repository:base/node:pull'), 'access_token')}`;
    expect((await get(simulator, '/v2/base/node/tags/list', pull)).body).toEqual({
      name: 'base/node',
      tags: ['latest'],
    });
    const manifest = await get(simulator, '/v2/base/node/manifests/latest', pull);
    expect(manifest.body).toMatchObject({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json' });
    const digest = manifest.headers.get('docker-content-digest');
    expect((await get(simulator, `/v2/base/node/manifests/${digest}`, pull)).body).toEqual(manifest.body);
    expect((await get(simulator, '/v2/', pull)).status).toBe(200);
  });

  test('an access token for another repository does not open this one', async () => {
    const simulator = shop();
    const token = tokenOf(await accessFor(simulator, 'repository:app:pull'), 'access_token');
    const { status, headers } = await get(simulator, '/v2/web/manifests/latest', `Bearer ${token}`);
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer realm="${ROOT}/oauth2/token",service="${HOST}",scope="repository:web:pull",error="insufficient_scope"`,
    ]);
  });

  test.each([
    ['a refresh token is no access token', 'refresh_token'],
    ['nonsense', 'nonsense'],
  ])('%s', async (_name, kind) => {
    const simulator = shop();
    const text = kind === 'nonsense' ? kind : tokenOf(await refreshToken(simulator), 'refresh_token');
    const { status, headers } = await get(simulator, '/v2/', `Bearer ${text}`);
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
  });

  test('an access token lasts 75 minutes of simulated time', async () => {
    const simulator = shop();
    const token = tokenOf(await accessFor(simulator, 'registry:catalog:*'), 'access_token');
    simulator.advanceTo('2026-11-24T07:14:59Z');
    expect((await get(simulator, '/v2/', `Bearer ${token}`)).status).toBe(200);
    simulator.advanceTo('2026-11-24T07:15:00Z');
    expect((await get(simulator, '/v2/', `Bearer ${token}`)).status).toBe(401);
  });

  test.each([
    ['a token made for ARM, by default', undefined, 200],
    [
      'a token made for ARM, when the policy says no',
      { policies: { azureADAuthenticationAsArmPolicy: { status: 'disabled' } } },
      401,
    ],
  ])('%s', async (_name, properties, status) => {
    const simulator = shop({ resources: [registry(properties)] });
    expect((await refreshToken(simulator, 'https://management.azure.com')).status).toBe(status);
    expect((await refreshToken(simulator)).status).toBe(200);
    expect((await refreshToken(simulator, 'https://graph.microsoft.com')).status).toBe(401);
  });

  test.each([
    ['the auditor pulls as a Reader', {}, 200],
    [
      'not where pulling is denied',
      { denied: [{ action: 'Microsoft.ContainerRegistry/registries/pull/read', scope: REGISTRY }] },
      401,
    ],
    [
      'not where repositories have their own rights',
      { resources: [registry({ roleAssignmentMode: 'AbacRepositoryPermissions' })] },
      401,
    ],
  ])('%s', async (_name, estate, status) => {
    expect((await accessFor(shop(estate), 'repository:app:pull')).status).toBe(status);
  });

  test('grants in dataPlane go before the role', async () => {
    const credentials = [{ username: SIMULATED_CALLER.clientId, password: 'PLANTED', grants: ['repository:web:pull'] }];
    const simulator = shop({}, { credentials });
    expect((await accessFor(simulator, 'repository:web:pull')).status).toBe(200);
    expect((await accessFor(simulator, 'repository:app:pull')).status).toBe(401);
  });
});
