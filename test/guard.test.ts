import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineRequest,
} from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { type GuardOptions, guard, REFUSED_WAIT_HEADER, SAID_HEADER, type Traffic } from '../src/guard.ts';

const ARM = 'https://management.azure.com/subscriptions?api-version=2022-12-01';

function options(change: Partial<GuardOptions> = {}): GuardOptions {
  return {
    hosts: ['management.azure.com', 'graph.microsoft.com'],
    suffixes: ['.azurecr.io'],
    longestRetryAfterMs: 60_000,
    unnamedWaitSeconds: 2,
    requestTimeoutMs: 1000,
    traffic: { requests: 0, throttled: 0 },
    ...change,
  };
}

/** Answers everything alike and notes what it was asked. */
function answering(status: number, headers: Record<string, string> = {}, bodyAsText?: string) {
  const asked: string[] = [];
  const client: HttpClient = {
    async sendRequest(request) {
      asked.push(request.url);
      return { request, status, headers: createHttpHeaders(headers), ...(bodyAsText && { bodyAsText }) };
    },
  };
  return { client, asked };
}

/** Answers when the request is given up, with the error of a real client. */
const hanging: HttpClient = {
  sendRequest: ({ abortSignal }) =>
    new Promise((_resolve, reject) => {
      abortSignal?.addEventListener('abort', () => reject(new Error('aborted')));
    }),
};

function requestTo(url: string): PipelineRequest {
  return createPipelineRequest({ url });
}

describe('guard: hosts', () => {
  test.each([
    [ARM],
    ['https://MANAGEMENT.azure.com/x'],
    ['https://management.azure.com:443/x'],
    ['https://graph.microsoft.com/v1.0/applications'],
    ['https://shop.azurecr.io/v2/'],
  ])('%s is asked', async (url) => {
    const { client, asked } = answering(200);
    await guard(client, options()).sendRequest(requestTo(url));
    expect(asked).toEqual([url]);
  });

  test.each([
    ['https://evil.example/subscriptions', 'evil.example'],
    ['https://management.azure.com.evil.example/x', 'management.azure.com.evil.example'],
    ['https://evilazurecr.io/v2/', 'evilazurecr.io'],
    ['https://management.azure.com:8443/x', 'management.azure.com:8443'],
    ['https://management.azure.com@evil.example/x', 'evil.example'],
  ])('%s is refused', async (url, host) => {
    const { client, asked } = answering(200);
    const set = options();
    await expect(guard(client, set).sendRequest(requestTo(url))).rejects.toThrow(
      `refused to send a request with our token to https://${host}, which is no host of this Azure cloud`,
    );
    expect({ asked, traffic: set.traffic }).toEqual({ asked: [], traffic: { requests: 0, throttled: 0 } });
  });

  test('an address without TLS is refused', async () => {
    const { client, asked } = answering(200);
    await expect(guard(client, options()).sendRequest(requestTo('http://management.azure.com/x'))).rejects.toThrow(
      'refused to send a request with our token to http://management.azure.com',
    );
    expect(asked).toEqual([]);
  });
});

describe('guard: waits that the service asks for', () => {
  const DATE = 'Tue, 24 Nov 2026 06:00:00 GMT';
  test.each([
    ['429 without a wait gets one', 429, {}, { 'retry-after': '2' }],
    ['503 without a wait is left to the SDK', 503, {}, {}],
    ['a wait on the bound stays', 429, { 'retry-after': '60' }, { 'retry-after': '60' }],
    ['a longer one is refused', 429, { 'retry-after': '61' }, { [REFUSED_WAIT_HEADER]: '61' }],
    ['an hour is refused', 503, { 'retry-after': '3600' }, { [REFUSED_WAIT_HEADER]: '3600' }],
    ['milliseconds', 429, { 'retry-after-ms': '60001' }, { [REFUSED_WAIT_HEADER]: '60' }],
    [
      'of two headers the first that the SDK obeys counts',
      429,
      { 'x-ms-retry-after-ms': '5', 'retry-after': '3600' },
      { 'x-ms-retry-after-ms': '5', 'retry-after': '3600' },
    ],
    [
      'a near date stays',
      429,
      { date: DATE, 'retry-after': 'Tue, 24 Nov 2026 06:01:00 GMT' },
      { date: DATE, 'retry-after': 'Tue, 24 Nov 2026 06:01:00 GMT' },
    ],
    [
      'a far date is refused',
      429,
      { date: DATE, 'retry-after': 'Tue, 24 Nov 2026 07:00:00 GMT' },
      { date: DATE, [REFUSED_WAIT_HEADER]: '3600' },
    ],
    ['a date of nobody knows how far', 429, { 'retry-after': 'Tue, 24 Nov 2026 07:00:00 GMT' }, { 'retry-after': '2' }],
    ['a wait that is over before it begins', 429, { 'retry-after': '-30' }, { 'retry-after': '2' }],
    ['such a one by another header', 429, { 'x-ms-retry-after-ms': '-30' }, { 'retry-after': '2' }],
    ['of other answers nothing is touched', 200, { 'retry-after': '3600' }, { 'retry-after': '3600' }],
  ])('%s', async (_what, status, headers, expected) => {
    const { client } = answering(status, headers);
    const { headers: answered } = await guard(client, options()).sendRequest(requestTo(ARM));
    expect(answered.toJSON()).toEqual(expected);
  });
});

describe('guard: time', () => {
  test('a request that nobody answers ends', async () => {
    const request = requestTo(ARM);
    await expect(guard(hanging, options({ requestTimeoutMs: 5 })).sendRequest(request)).rejects.toThrow(
      'no answer from management.azure.com within 0.005 s',
    );
    // The SDK sends the same object again.
    expect('abortSignal' in request && request.abortSignal !== undefined).toBe(false);
  });

  test('what was answered, or failed, leaves no timer behind: nothing waits for it at the end', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
    const before = timers();
    const failing: HttpClient = { sendRequest: () => Promise.reject(new Error('reset')) };
    const set = options({ requestTimeoutMs: 60_000 });
    for (let n = 0; n < 20; n++) {
      await guard(answering(200).client, set).sendRequest(requestTo(ARM));
      await expect(guard(failing, set).sendRequest(requestTo(ARM))).rejects.toThrow('reset');
    }
    // The test's own are few.
    expect(timers() - before).toBeLessThan(10);
  });

  test("the caller's own abort passes through", async () => {
    const caller = new AbortController();
    const request = createPipelineRequest({ url: ARM, abortSignal: caller.signal });
    const sent = guard(hanging, options({ requestTimeoutMs: 60_000 })).sendRequest(request);
    caller.abort();
    await expect(sent).rejects.toThrow('aborted');
    expect(request.abortSignal).toBe(caller.signal);
  });
});

// The SDKs' paging says only "Pagination failed with unexpected statusCode 403".
describe('guard: what an error says', () => {
  test.each([
    [
      'is kept',
      403,
      '{"error":{"code":"AuthorizationFailed","message":"The client \\"x\\" may not."}}',
      'The client "x" may not.',
    ],
    ['is kept of the mildest too', 400, '{"error":{"code":"BadRequest","message":"What?"}}', 'What?'],
    ['is nothing on a page of a proxy', 502, '<html>Bad gateway</html>', undefined],
    ['is nothing without a body', 500, undefined, undefined],
    ['is not looked for in an answer', 200, '{"error":{"message":"x"}}', undefined],
  ])('%s', async (_what, status, body, expected) => {
    const { client } = answering(status, {}, body);
    const { headers } = await guard(client, options()).sendRequest(requestTo(ARM));
    expect(headers.get(SAID_HEADER)).toBe(expected);
  });
});

test('guard counts requests and refusals', async () => {
  const traffic: Traffic = { requests: 0, throttled: 0 };
  const set = options({ traffic });
  await guard(answering(200).client, set).sendRequest(requestTo(ARM));
  await guard(answering(429).client, set).sendRequest(requestTo(ARM));
  await guard(answering(503).client, set).sendRequest(requestTo(ARM));
  expect(traffic).toEqual({ requests: 3, throttled: 1 });
});
