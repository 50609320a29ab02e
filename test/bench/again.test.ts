import { createHttpHeaders, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import { expect, test } from 'vitest';
import { recorder } from '../../bench/again.ts';

interface Seen {
  url: string;
  method: string;
  body: unknown;
}

/** Answers everything with nothing, and keeps what it was asked. */
function server(): { seen: Seen[]; client: HttpClient } {
  const seen: Seen[] = [];
  return {
    seen,
    client: {
      async sendRequest(request) {
        seen.push({ url: request.url, method: request.method, body: request.body });
        return { request, status: 200, headers: createHttpHeaders(), bodyAsText: '{"value":[]}' };
      },
    },
  };
}

test('asks again what was asked since it began, as it was, and once', async () => {
  const { seen, client } = server();
  const record = recorder(client);
  const ask = (path: string, body?: string) =>
    record.client.sendRequest(
      createPipelineRequest({ url: `https://one/${path}`, ...(body && { method: 'POST', body }) }),
    );
  await ask('before');
  record.begin();
  await ask('list');
  await ask('rows', '[1]');
  const second = server();
  expect(await record.again(second.client)).toBe(2);
  expect(second.seen).toEqual(seen.slice(1));
  expect(second.seen.at(-1)).toEqual({ url: 'https://one/rows', method: 'POST', body: '[1]' });
  expect(await record.again(second.client)).toBe(0);
});
