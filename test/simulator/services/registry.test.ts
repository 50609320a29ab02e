import { describe, expect, test } from 'vitest';
import { ask, simulatorOf } from '../ask.ts';
import { basic, get, HOST, ROOT, registry, shop } from './registry/shop.ts';

const UNAUTHORIZED = 'authentication required, visit https://aka.ms/acr/authorization for more information.';

describe('the challenge', () => {
  test.each([
    ['/v2/', '', null],
    ['/v2/_catalog', ',scope="registry:catalog:*"', [{ Type: 'registry', Name: 'catalog', Action: '*' }]],
    [
      '/v2/base/node/manifests/latest',
      ',scope="repository:base/node:pull"',
      [{ Type: 'repository', Name: 'base/node', Action: 'pull' }],
    ],
    [
      '/v2/app/tags/list',
      ',scope="repository:app:metadata_read"',
      [{ Type: 'repository', Name: 'app', Action: 'metadata_read' }],
    ],
  ])('of %s', async (path, scope, detail) => {
    const { status, headers, body } = await get(shop(), path);
    expect([status, headers.get('www-authenticate'), headers.get('docker-distribution-api-version'), body]).toEqual([
      401,
      `Bearer realm="${ROOT}/oauth2/token",service="${HOST}"${scope}`,
      'registry/2.0',
      { errors: [{ code: 'UNAUTHORIZED', message: UNAUTHORIZED, detail }] },
    ]);
  });

  test('ends with a line feed, as it was recorded', async () => {
    const response = await shop().handle(new Request(`${ROOT}/v2/`));
    expect((await response.arrayBuffer()).byteLength).toBe(149);
  });

  test('a registry that nobody has has no name in DNS; one that only ARM knows answers', async () => {
    const simulator = simulatorOf({ resources: [registry()] });
    expect((await get(simulator, '/v2/')).status).toBe(401);
    await expect(ask(simulator, 'https://nobody.azurecr.io/v2/')).rejects.toThrow(
      'getaddrinfo ENOTFOUND nobody.azurecr.io',
    );
  });
});

describe('DNS', () => {
  test('says what the estate says, in any letter case; a public address where it says nothing', async () => {
    expect(await shop({}, { dns: ['10.0.0.4'] }).resolve('SHOP.azurecr.io')).toEqual(['10.0.0.4']);
    expect(await shop().resolve(HOST)).toEqual(['20.61.99.64']);
  });

  test.each([
    ['no address', shop({}, { dns: [] }), HOST],
    ['no registry', shop(), 'nobody.azurecr.io'],
  ])('%s: not found, and nobody can connect', async (_name, simulator, host) => {
    await expect(simulator.resolve(host)).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(ask(simulator, `https://${host}/v2/`)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});

describe('what is not there, and what an auditor does not do', () => {
  const admin = basic('shop', 'PLANTED-admin');
  const open = (path: string, method = 'GET') =>
    ask(shop({ resources: [registry({ adminUserEnabled: true })] }), `${ROOT}${path}`, {
      method,
      authorization: admin,
    });

  test.each([
    ['/v2/nothing/manifests/latest', 'NAME_UNKNOWN'],
    ['/v2/app/manifests/v9', 'MANIFEST_UNKNOWN'],
    ['/v2/app/blobs/sha256:0', 'BLOB_UNKNOWN'],
  ])('%s is %s', async (path, code) => {
    const { status, body } = await open(path);
    expect([status, body]).toMatchObject([404, { errors: [{ code }] }]);
  });

  test('HEAD gives the digest and no body', async () => {
    const { status, headers, body } = await open('/v2/app/manifests/latest', 'HEAD');
    expect([status, headers.get('docker-content-digest'), body]).toEqual([
      200,
      expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      undefined,
    ]);
  });

  test('a delete is refused, and a defect of the caller', async () => {
    const simulator = shop();
    const { status } = await ask(simulator, `${ROOT}/v2/app/manifests/latest`, {
      method: 'DELETE',
      authorization: admin,
    });
    expect([status, simulator.defects]).toEqual([
      403,
      [{ service: 'registry', message: `DELETE ${HOST}/v2/app/manifests/latest: an auditor only reads` }],
    ]);
  });

  test('a dataPlane that cannot be read is named', async () => {
    const simulator = shop({}, { credentials: [{ username: 'ci' }] });
    await expect(get(simulator, '/v2/')).rejects.toThrow(`dataPlane of ${HOST} in the estate`);
  });
});

test('an answer takes the latency of the registry: a caller that gives up meanwhile has none', async () => {
  const controller = new AbortController();
  const request = new Request(`${ROOT}/v2/`, { signal: controller.signal });
  const answer = shop({}, { latencyMs: 3_600_000 }).handle(request);
  controller.abort(new Error('given up'));
  await expect(answer).rejects.toThrow('given up');
});
