import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createLedger } from '../../bench/received.ts';

const ARM = 'https://management.azure.com';
const REGISTRIES = `${ARM}/subscriptions/s1/providers/Microsoft.ContainerRegistry/registries?api-version=1`;
const STREAM = 'https://x.ingest.monitor.azure.com/dataCollectionRules/d/streams/Custom-Findings_CL?api-version=1';
const ROWS = JSON.stringify([{ a: 'ä' }, { a: 1 }]);

function answering(status: number, headers: Record<string, string> = {}): () => Promise<Response> {
  return async () => new Response(status === 204 ? null : '{}', { status, headers });
}

function rows(body: Buffer | string, encoding: Record<string, string> = {}): Request {
  return new Request(STREAM, { method: 'POST', body, headers: encoding });
}

test('counts each request where its quota is, and rows only when they were taken', async () => {
  const ledger = createLedger();
  const all: [Request, () => Promise<Response>][] = [
    [new Request(REGISTRIES), answering(200)],
    [new Request(`${REGISTRIES}&$skiptoken=MTAw`), answering(200)],
    [new Request(`${REGISTRIES}&%24skiptoken=MjAw`), answering(200)],
    [new Request(`${ARM}/subscriptions?api-version=1`), answering(429)],
    [new Request(`${ARM}/providers/Microsoft.ResourceGraph/resources`, { method: 'POST' }), answering(200)],
    [
      new Request('https://graph.microsoft.com/v1.0/applications?$select=keyCredentials'),
      answering(200, { 'x-ms-resource-unit': '2' }),
    ],
    [rows(gzipSync(ROWS), { 'content-encoding': 'gzip' }), answering(204)],
    [rows(ROWS), answering(204)],
    [rows(ROWS), answering(429)],
  ];
  for (const [request, handle] of all) await ledger.watch(handle)(request);
  const { simulatorCpuSeconds, ...received } = ledger.close();
  expect(received).toEqual({
    requests: 9,
    armRequests: 4,
    busiestBucket: 3,
    resourceGraphQueries: 1,
    graphUnits: 2,
    keyCredentialsRequests: 1,
    longestList: 3,
    throttled: 2,
    tables: { Findings_CL: { rows: 4, bytes: 2 * Buffer.byteLength(ROWS) } },
  });
  expect(simulatorCpuSeconds).toBeGreaterThanOrEqual(0);
  const { requests, busiestBucket, tables } = ledger.close();
  expect({ requests, busiestBucket, tables }).toEqual({ requests: 0, busiestBucket: 0, tables: {} });
});

test('what is inside a batch counts as well', async () => {
  const part = (status: number, units: string) => ({ status, headers: { 'x-ms-resource-unit': units } });
  const body = JSON.stringify({ responses: [part(200, '1'), part(200, '3'), { status: 429, headers: {} }] });
  const ledger = createLedger();
  const handle = ledger.watch(async () => new Response(body));
  const answer = await handle(new Request('https://graph.microsoft.com/v1.0/$batch', { method: 'POST', body: '{}' }));
  expect(await answer.text()).toBe(body);
  const { requests, graphUnits, throttled } = ledger.close();
  expect({ requests, graphUnits, throttled }).toEqual({ requests: 1, graphUnits: 4, throttled: 1 });
});

test('two shards that read one list do not make it longer', async () => {
  const ledger = createLedger();
  const handle = ledger.watch(answering(200));
  for (const url of [REGISTRIES, REGISTRIES, `${REGISTRIES}&$skiptoken=MTAw`, `${REGISTRIES}&$skiptoken=MTAw`]) {
    await handle(new Request(url));
  }
  expect(ledger.close().longestList).toBe(2);
});

test('the simulator still gets what was sent', async () => {
  const handle = createLedger().watch(async (request) => new Response(await request.text()));
  expect(await (await handle(rows(ROWS))).text()).toBe(ROWS);
});
