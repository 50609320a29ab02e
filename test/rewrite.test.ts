import { createServer, type Server } from 'node:http';
import { createPipelineRequest } from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLoopback, rewriteTo } from '../src/rewrite.ts';

describe('isLoopback', () => {
  test.each([
    ['http://127.0.0.1:8080', true],
    ['http://127.1.2.3', true],
    ['http://localhost:10000/devstoreaccount1', true],
    ['http://[::1]:80', true],
    ['http://127.0.0.1.evil.example', false],
    ['http://localhost.evil.example', false],
    ['http://10.0.0.1', false],
    ['https://management.azure.com', false],
    ['http://127.0.0.1@evil.example', false],
  ])('%s: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});

test('a server elsewhere is refused', () => {
  expect(() => rewriteTo('http://10.0.0.1:8080')).toThrow(
    'SIMULATOR_URL must be a loopback address, as in http://127.0.0.1:8080; it is http://10.0.0.1:8080',
  );
});

describe('rewriteTo', () => {
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, host: headers['x-forwarded-host'] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('asks the server for what Azure was asked for, and leaves the request as it was', async () => {
    const request = createPipelineRequest({ url: 'https://kv1.vault.azure.net/secrets?api-version=7.6' });
    const { bodyAsText } = await rewriteTo(origin).sendRequest(request);
    expect(JSON.parse(bodyAsText ?? '')).toEqual({
      method: 'GET',
      url: '/secrets?api-version=7.6',
      host: 'kv1.vault.azure.net',
    });
    const { url, allowInsecureConnection } = request;
    expect({ url, allowInsecureConnection }).toEqual({
      url: 'https://kv1.vault.azure.net/secrets?api-version=7.6',
      allowInsecureConnection: false,
    });
  });

  test('puts the address back when the server does not answer', async () => {
    const request = createPipelineRequest({ url: 'https://management.azure.com/subscriptions' });
    await expect(rewriteTo('http://127.0.0.1:1').sendRequest(request)).rejects.toThrow('ECONNREFUSED');
    expect(request.url).toBe('https://management.azure.com/subscriptions');
  });
});
