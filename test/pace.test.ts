import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { createPace, paced } from '../src/pace.ts';

const REGISTRIES = 'https://management.azure.com/subscriptions/S1/providers/Microsoft.ContainerRegistry/registries';

/** A clock that only sleeping moves, and a pace on it. */
function clocked(share = 1) {
  let at = 0;
  const pace = createPace({
    now: () => at,
    sleep: async (ms) => {
      at += ms;
    },
    share,
  });
  const send = (url: string) => pace.before(createPipelineRequest({ url }));
  return { pace, send, elapsed: () => at };
}

describe('the pace of requests', () => {
  it.each([
    { what: 'a burst of 250 reads of one subscription', url: REGISTRIES, count: 250, share: 1, seconds: 0 },
    { what: '25 reads more a second later', url: REGISTRIES, count: 275, share: 1, seconds: 1 },
    { what: 'half of both for a person', url: REGISTRIES, count: 150, share: 0.5, seconds: 2 },
    {
      what: '15 Resource Graph queries, then 3 a second',
      url: 'https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
      count: 18,
      share: 1,
      seconds: 1,
    },
    {
      what: '150 requests for certificates, then 2.5 a second',
      url: 'https://graph.microsoft.com/v1.0/applications?$select=id,keyCredentials',
      count: 155,
      share: 1,
      seconds: 2,
    },
    {
      what: 'no limit for ingestion',
      url: 'https://d.westeurope-1.ingest.monitor.azure.com/dataCollectionRules/d/streams/s',
      count: 5000,
      share: 1,
      seconds: 0,
    },
  ])('$what', async ({ url, count, share, seconds }) => {
    const { send, elapsed } = clocked(share);
    for (let sent = 0; sent < count; sent++) await send(url);
    expect(elapsed() / 1000).toBeCloseTo(seconds, 6);
  });

  it('takes from the units of Graph what is asked inside a batch', async () => {
    const { pace, elapsed } = clocked();
    const requests = Array.from({ length: 20 }, (_, n) => ({ id: String(n), method: 'GET', url: '/users' }));
    const url = 'https://graph.microsoft.com/v1.0/$batch';
    const batch = createPipelineRequest({ url, method: 'POST', body: JSON.stringify({ requests }) });
    for (let sent = 0; sent < 175; sent++) await pace.before(batch);
    expect(elapsed()).toBe(0);
    for (let sent = 0; sent < 35; sent++) await pace.before(batch);
    expect(elapsed() / 1000).toBeCloseTo(2, 6);
  });

  it('gives each subscription a quota of its own, whatever the letter case of its id', async () => {
    const { send, elapsed } = clocked();
    for (let sent = 0; sent < 250; sent++) {
      await send(REGISTRIES);
      await send(REGISTRIES.replace('S1', 'S2'));
    }
    expect(elapsed()).toBe(0);
    await send(REGISTRIES.replace('S1', 's1'));
    expect(elapsed()).toBeGreaterThan(0);
  });

  it('sends nothing to a quota that has said 429 for as long as it says', async () => {
    const { pace, send, elapsed } = clocked();
    const throttled = paced(
      {
        sendRequest: async (request) => ({
          request,
          status: 429,
          headers: createHttpHeaders({ 'retry-after': '7' }),
          bodyAsText: JSON.stringify({ error: { code: request.body ?? 'SubscriptionRequestsThrottled', message: '' } }),
        }),
      },
      pace,
    );
    // What a registry has no more of is no matter of ARM's.
    await throttled.sendRequest(createPipelineRequest({ url: REGISTRIES, body: 'TooManyRequests' }));
    await send(REGISTRIES);
    expect(elapsed()).toBe(0);
    for (let sent = 2; sent < 250; sent++) await send(REGISTRIES);
    await throttled.sendRequest(createPipelineRequest({ url: REGISTRIES }));
    expect(elapsed()).toBe(40);
    await send(REGISTRIES.replace('S1', 'S2'));
    expect(elapsed()).toBe(40);
    await send(REGISTRIES);
    expect(elapsed()).toBe(7040);
    await throttled.sendRequest(createPipelineRequest({ url: REGISTRIES }));
    const late = await pace.before(createPipelineRequest({ url: REGISTRIES }), 6999).catch(({ name }) => name);
    expect([late, elapsed()]).toEqual(['NotReached', 7040]);
  });

  it('takes the code that a provider has too for its own where nothing is left', async () => {
    const { pace, send, elapsed } = clocked();
    const left = { 'retry-after': '7', 'x-ms-ratelimit-remaining-subscription-reads': '0' };
    const bodyAsText = '{"error":{"code":"TooManyRequests","message":""}}';
    const answer = { status: 429, headers: createHttpHeaders(left), bodyAsText };
    const throttled = paced({ sendRequest: async (request) => ({ request, ...answer }) }, pace);
    await throttled.sendRequest(createPipelineRequest({ url: REGISTRIES }));
    await send(REGISTRIES);
    expect(elapsed()).toBe(7000);
  });

  it('learns from the answers what other tools have taken', async () => {
    const { pace, elapsed } = clocked();
    const client = paced(
      {
        sendRequest: async (request) => ({
          request,
          status: 200,
          headers: createHttpHeaders({ 'x-ms-ratelimit-remaining-subscription-reads': '0' }),
        }),
      },
      pace,
    );
    await client.sendRequest(createPipelineRequest({ url: REGISTRIES }));
    await client.sendRequest(createPipelineRequest({ url: REGISTRIES }));
    expect(elapsed()).toBe(40);
  });
});
