import { setImmediate as turn } from 'node:timers/promises';
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { generateEstate } from '../../simulator/generate.ts';
import { createSimulator } from '../../simulator/index.ts';
import { connect } from '../../src/azure.ts';
import type { ComparedFinding } from '../../src/model/finding.ts';
import type { ShardResult } from '../../src/model/sweep.ts';
import { createPace } from '../../src/pace.ts';
import { planSweep, shardsOf } from '../../src/plan.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { runSweep } from '../../src/sweep.ts';

const REGISTRIES = 2000;
const ESTATE = generateEstate({ registries: REGISTRIES, subscriptions: 20, tokens: 1 });
const MINUTE_MS = 60_000;
/** Longer than any wait for a quota: only what never comes ends by it. */
const PATIENCE_MS = 24 * 60 * MINUTE_MS;

// Waits and quotas go by the same time, which passes only when nobody has anything else to do.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Answers 429 to each request the first time that it comes. */
function throttledAtFirst(inner: HttpClient, headers: Record<string, string>): HttpClient {
  const known = new Set<string>();
  return {
    async sendRequest(request) {
      const what = `${request.method} ${request.url} ${String(request.body)}`;
      if (known.has(what)) return inner.sendRequest(request);
      known.add(what);
      return { request, status: 429, headers: createHttpHeaders(headers), bodyAsText: '' };
    },
  };
}

/** All shards of the estate at once, with the SDK's own retries and Azure's quotas. */
async function swept(wrap: (inner: HttpClient) => HttpClient): Promise<ShardResult[]> {
  const simulator = createSimulator({ estate: ESTATE, quotaNow: () => performance.now() });
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const azure = connect({
    credential: simulator.credential,
    httpClient: wrap(simulator.httpClient),
    pace: createPace({ now: () => performance.now(), sleep, share: 1 }),
    requestTimeoutMs: PATIENCE_MS,
  });
  const context = { azure, store: memoryStore(), environment: 'test', clock: () => simulator.now() };
  const request = { policy: DEFAULT_POLICY, sweptAt: simulator.now().toISOString() };
  const plan = await planSweep(azure, context.store, request);
  const results = await Promise.all(shardsOf(plan).map((shard) => runSweep(context, plan, shard)));
  return results.filter((result) => result !== undefined);
}

/** Who is read first is found first. */
function findingsOf(results: ShardResult[]): ComparedFinding[] {
  const findings = results.flatMap((result) => result.findings);
  return findings.sort((a, b) => (a.findingId < b.findingId ? -1 : 1));
}

let undisturbed: Promise<ShardResult[]> | undefined;

function calm(): Promise<ShardResult[]> {
  undisturbed ??= inTime(swept((inner) => inner));
  return undisturbed;
}

/** Lets time pass until there is a result. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  while (!done) {
    await turn();
    await vi.advanceTimersToNextTimerAsync();
  }
  return ended;
}

test.each([
  ['with Retry-After', { 'retry-after': '17' }],
  ['without Retry-After', {}],
])(
  '2,000 registries, all at once throttled %s: none is lost, and they are judged as ever',
  async (_what, headers) => {
    const storm = await inTime(swept((inner) => throttledAtFirst(inner, headers)));
    expect(Math.min(...storm.map(({ report }) => report.throttled))).toBeGreaterThan(0);
    expect(storm.flatMap(({ report }) => report.gaps)).toEqual([]);
    const own = storm.filter(({ report }) => report.shard !== 'tenant');
    expect(own.reduce((sum, { report }) => sum + report.registriesRead, 0)).toBe(REGISTRIES);
    expect(findingsOf(storm)).toEqual(findingsOf(await calm()));
  },
  3 * MINUTE_MS,
);
