import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { createPace, type Pace, paced } from '../src/pace.ts';
import { graphBatchOf } from './wire.ts';

const REGISTRIES = 'https://management.azure.com/subscriptions/S1/providers/Microsoft.ContainerRegistry/registries';
const SUBSCRIPTIONS = 'https://management.azure.com/subscriptions?api-version=2022-12-01';
const RESOURCE_GRAPH =
  'https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
const APPLICATIONS = 'https://graph.microsoft.com/v1.0/applications?$select=id';
const BY_IDS = 'https://graph.microsoft.com/v1.0/directoryObjects/getByIds';

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

/** A client in pace whose requests are all answered like this. */
function answering(pace: Pace, answer: Partial<PipelineResponse>): HttpClient {
  const whole = { status: 200, headers: createHttpHeaders(), ...answer };
  return paced({ sendRequest: async (request) => ({ request, ...whole }) }, pace);
}

describe('the pace of requests', () => {
  it.each([
    { what: 'a burst of 250 reads of one subscription', url: REGISTRIES, count: 250, share: 1, seconds: 0 },
    { what: '25 reads more a second later', url: REGISTRIES, count: 275, share: 1, seconds: 1 },
    { what: 'half of both for a person', url: REGISTRIES, count: 150, share: 0.5, seconds: 2 },
    {
      what: '15 Resource Graph queries, then 3 a second',
      url: RESOURCE_GRAPH,
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

  it.each([
    { what: 'owners', url: '/applications/a/owners?$select=id', batches: 175, more: 35, seconds: 2 },
    { what: 'members of groups', url: '/groups/g/transitiveMembers?$top=999', batches: 35, more: 7, seconds: 2 },
  ])('takes from the units of Graph what is asked inside a batch: $what', async ({ url, batches, more, seconds }) => {
    const { pace, elapsed } = clocked();
    const batch = graphBatchOf(Array.from({ length: 20 }, () => url));
    for (let sent = 0; sent < batches; sent++) await pace.before(batch);
    expect(elapsed()).toBe(0);
    for (let sent = 0; sent < more; sent++) await pace.before(batch);
    expect(elapsed() / 1000).toBeCloseTo(seconds, 6);
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

  it.each([
    ['subscription', REGISTRIES],
    ['tenant', SUBSCRIPTIONS],
  ])('takes the code that a provider has too for its own where nothing is left of the %s', async (of, url) => {
    const { pace, send, elapsed } = clocked();
    const left = { 'retry-after': '7', [`x-ms-ratelimit-remaining-${of}-reads`]: '0' };
    const bodyAsText = '{"error":{"code":"TooManyRequests","message":""}}';
    const throttled = answering(pace, { status: 429, headers: createHttpHeaders(left), bodyAsText });
    await throttled.sendRequest(createPipelineRequest({ url }));
    await send(url);
    expect(elapsed()).toBe(7000);
  });

  it.each([
    {
      what: 'of a subscription',
      url: REGISTRIES,
      said: { 'x-ms-ratelimit-remaining-subscription-reads': '0' },
      ms: 40,
    },
    { what: 'of the tenant', url: SUBSCRIPTIONS, said: { 'x-ms-ratelimit-remaining-tenant-reads': '0' }, ms: 40 },
    {
      what: 'of a bucket that was not asked',
      url: REGISTRIES,
      said: { 'x-ms-ratelimit-remaining-tenant-reads': '0' },
      ms: 0,
    },
    { what: 'of Resource Graph', url: RESOURCE_GRAPH, said: { 'x-ms-user-quota-remaining': '0' }, ms: 1000 / 3 },
    { what: 'of Graph, all', url: APPLICATIONS, said: { 'x-ms-throttle-limit-percentage': '1.3' }, ms: 1000 / 350 },
    { what: 'of Graph, nearly all', url: APPLICATIONS, said: { 'x-ms-throttle-limit-percentage': '0.9' }, ms: 0 },
  ])('learns from the answers what other tools have taken: $what', async ({ url, said, ms }) => {
    const { pace, elapsed } = clocked();
    const client = answering(pace, { headers: createHttpHeaders(said) });
    await client.sendRequest(createPipelineRequest({ url }));
    await client.sendRequest(createPipelineRequest({ url }));
    expect(elapsed()).toBeCloseTo(ms, 6);
  });

  it.each([
    { what: 'more than we believed', url: APPLICATIONS, said: { 'x-ms-resource-unit': '700' }, count: 5 },
    { what: 'less', url: BY_IDS, said: { 'x-ms-resource-unit': '1' }, count: 3498 },
    { what: 'nothing of it', url: BY_IDS, said: {}, count: 1166 },
  ])('believes the answers what was taken of Graph: $what', async ({ url, said, count }) => {
    const { pace, elapsed } = clocked();
    const client = answering(pace, { headers: createHttpHeaders(said) });
    for (let sent = 0; sent < count; sent++) await client.sendRequest(createPipelineRequest({ url }));
    expect(elapsed()).toBe(0);
    await client.sendRequest(createPipelineRequest({ url }));
    expect(elapsed()).toBeGreaterThan(0);
  });
});
