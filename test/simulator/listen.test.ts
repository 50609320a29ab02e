import { X509Certificate } from 'node:crypto';
import { get, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { ManagedIdentityCredential } from '@azure/identity';
import { afterEach, expect, test } from 'vitest';
import { type Loopback, listen, parseFaults, type Simulator } from '../../simulator/index.ts';
import { fieldOf, SUB, simulatorOf } from './ask.ts';

const open: Loopback[] = [];
const PATH = '/subscriptions?api-version=2022-12-01';

async function started(simulator: Simulator, options: { tls?: boolean } = {}): Promise<Loopback> {
  const server = await listen(simulator, options);
  open.push(server);
  return server;
}

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function authorization(simulator: Simulator): Promise<string> {
  return `Bearer ${(await simulator.credential.getToken('https://management.azure.com/.default'))?.token}`;
}

test('plain HTTP takes the real host from x-forwarded-host, and keeps path, query and links', async () => {
  const simulator = simulatorOf({ subscriptions: [{ subscriptionId: SUB }, { subscriptionId: 'b' }] }, { pageSize: 1 });
  const { url } = await started(simulator);
  const headers = { 'x-forwarded-host': 'management.azure.com', authorization: await authorization(simulator) };
  const response = await fetch(`${url}//subscriptions?api%2Dversion=2022-12-01`, { headers });
  expect([response.status, await response.json()]).toEqual([
    200,
    {
      value: [expect.objectContaining({ subscriptionId: SUB })],
      nextLink: 'https://management.azure.com//subscriptions?api-version=2022-12-01&$skiptoken=MQ',
    },
  ]);
});

test('the real ManagedIdentityCredential gets a token that the services take', async () => {
  const simulator = simulatorOf({});
  const { url } = await started(simulator);
  process.env.IDENTITY_ENDPOINT = `${url}/msi/token`;
  process.env.IDENTITY_HEADER = 'simulated';
  const token = await new ManagedIdentityCredential({ clientId: 'c0ffee00-0000-0000-0000-000000000000' }).getToken(
    'https://management.azure.com/.default',
  );
  delete process.env.IDENTITY_ENDPOINT;
  delete process.env.IDENTITY_HEADER;
  const headers = { 'x-forwarded-host': 'management.azure.com', authorization: `Bearer ${token.token}` };
  expect((await fetch(`${url}${PATH}`, { headers })).status).toBe(200);
});

test('a body and a refusal travel whole', async () => {
  const simulator = simulatorOf({});
  const { url } = await started(simulator);
  const token = await simulator.credential.getToken('https://graph.microsoft.com/.default');
  const headers = { 'x-forwarded-host': 'graph.microsoft.com', authorization: `Bearer ${token?.token}` };
  const body = JSON.stringify({ ids: Array.from({ length: 1001 }, (_, index) => String(index)) });
  const response = await fetch(`${url}/v1.0/directoryObjects/getByIds`, { method: 'POST', headers, body });
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'Request_BadRequest' } }]);
});

test('a reset cuts the connection, a hang ends with the caller', async () => {
  const simulator = simulatorOf({}, { faults: parseFaults('reset times=1; hang nth=2') });
  const { url } = await started(simulator);
  await expect(fetch(`${url}${PATH}`)).rejects.toThrow('fetch failed');
  await expect(fetch(`${url}${PATH}`, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});

test('TLS with a certificate that names the simulated hosts', async () => {
  const simulator = simulatorOf({});
  const { url, caPem } = await started(simulator, { tls: true });
  const certificate = new X509Certificate(caPem ?? '');
  const hosts = [
    'management.azure.com',
    'graph.microsoft.com',
    'kv1.vault.azure.net',
    'shop.azurecr.io',
    'x.ingest.monitor.azure.com',
    'management.usgovcloudapi.net',
  ];
  expect(hosts.filter((host) => certificate.checkHost(host) === undefined)).toEqual([]);
  const { status, body } = await secureGet(`${url}${PATH}`, {
    ca: caPem,
    servername: 'management.azure.com',
    headers: { host: 'management.azure.com', authorization: await authorization(simulator) },
  });
  expect([status, fieldOf({ status, headers: new Headers(), body: JSON.parse(body) }, 'subscriptionId')]).toEqual([
    200,
    [SUB],
  ]);
  await expect(secureGet(`${url}${PATH}`, { ca: caPem, servername: 'example.com' })).rejects.toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  });
});

function secureGet(url: string, options: RequestOptions): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ...options, agent: false }, async (response) =>
      resolve({ status: response.statusCode ?? 0, body: await text(response) }),
    );
    request.on('error', reject);
  });
}

test('a taken port is an error', async () => {
  const { url } = await started(simulatorOf({}));
  await expect(listen(simulatorOf({}), { port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
