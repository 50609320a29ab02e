import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { type Deadline, NotReachedError } from './deadline.ts';
import { saidOfUnits, unitsOf } from './graphUnits.ts';
import { askedWaitMs } from './guard.ts';

/** A bucket of Azure's: how many requests at once, and how many a second after that. */
interface Quota {
  key: string;
  size: number;
  perSecond: number;
  /** what the request takes from it */
  cost: number;
  /** the header of an answer that says what is left of it */
  leftIn?: string;
}

/** What we believe to be left of a quota. */
interface Bucket {
  level: number;
  /** when it was that, milliseconds */
  at: number;
  /** Azure gives nothing before that, whoever has taken it */
  closedUntil: number;
}

export interface PaceOptions {
  /** milliseconds, of any steady clock */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** the part of each quota that is ours: 1 for the auditor's own identity, less for a person with other tools open */
  share: number;
}

/** What is left of each quota; shared by all clients of one identity in this process. */
export interface Pace {
  /** waits until a request fits into its quotas; a NotReachedError where that takes longer than `leftMs` */
  before(request: PipelineRequest, leftMs?: number): Promise<void>;
  /** learns from the answer what others took from the same quota, and for how long it has nothing left to give */
  after(request: PipelineRequest, response: PipelineResponse): void;
}

// ARM: "Understand how Azure Resource Manager throttles requests": 250 reads at once, 25 a second, per subscription (or
// tenant) and principal. Resource Graph: 15 queries in 5 seconds. Graph: 3,500 resource units in 10 seconds for the
// smallest tenants; $select with keyCredentials 150 a minute (application-list). Sources: facts §2, §3.
const ARM_READS = { size: 250, perSecond: 25 };
const RESOURCE_GRAPH = { size: 15, perSecond: 3, leftIn: 'x-ms-user-quota-remaining' };
const GRAPH_UNITS = { size: 3500, perSecond: 350 };
const GRAPH = 'graph';
const KEY_CREDENTIALS = { size: 150, perSecond: 2.5 };

/** Token buckets that go as fast as Azure's quotas allow, so that a large sweep is not throttled to begin with. */
export function createPace({ now, sleep, share }: PaceOptions): Pace {
  const buckets = new Map<string, Bucket>();
  const bucketOf = ({ key, size, perSecond }: Quota): Bucket => {
    const at = now();
    const bucket = buckets.get(key) ?? { level: size * share, at, closedUntil: at };
    buckets.set(key, bucket);
    bucket.level = Math.min(size * share, bucket.level + ((at - bucket.at) / 1000) * perSecond * share);
    bucket.at = at;
    return bucket;
  };
  return {
    async before(request, leftMs = Number.POSITIVE_INFINITY) {
      for (const quota of quotasOf(request)) {
        const bucket = bucketOf(quota);
        const until = bucket.at + leftMs;
        // Taken even when it is not there yet: whoever comes next waits behind, in order.
        bucket.level -= quota.cost;
        const filled = bucket.at + Math.max(0, (-bucket.level / (quota.perSecond * share)) * 1000);
        // While one waits, another may be told that there is nothing left.
        const begin = (): number => Math.max(filled, bucket.closedUntil);
        while (now() < begin()) {
          if (begin() >= until) {
            bucket.level += quota.cost;
            throw new NotReachedError();
          }
          await sleep(begin() - now());
        }
      }
    },
    after(request, response) {
      const closedFor = response.status === 429 ? (askedWaitMs(response) ?? 0) : 0;
      for (const quota of quotasOf(request)) {
        const bucket = bucketOf(quota);
        const { left, taken = quota.cost } = saidOf(quota, response);
        bucket.level -= taken - quota.cost;
        if (left !== undefined) bucket.level = Math.min(bucket.level, left * share);
        if (isSaidOf(quota, response)) bucket.closedUntil = Math.max(bucket.closedUntil, bucket.at + closedFor);
      }
    },
  };
}

/** What an answer says of a quota: what is left of it, and what the request has taken. */
function saidOf({ key, size, leftIn }: Quota, response: PipelineResponse): { left?: number; taken?: number } {
  if (key === GRAPH) {
    const { used, ...taken } = saidOfUnits(response);
    return { ...taken, ...(used !== undefined && { left: (1 - used) * size }) };
  }
  const left = Number((leftIn && response.headers.get(leftIn)) ?? Number.NaN);
  return Number.isFinite(left) ? { left } : {};
}

/** ARM's code for a bucket of its own that is empty. */
const ARM_IS_EMPTY = /"(Subscription|Tenant)RequestsThrottled"/;

/**
 * Whether a refusal says something of a quota: what one resource provider, or one registry, has no more of is not ARM's. Of
 * the code that both have, the count of what is left decides.
 */
function isSaidOf(quota: Quota, response: PipelineResponse): boolean {
  if (!quota.key.startsWith('arm ')) return true;
  return ARM_IS_EMPTY.test(response.bodyAsText ?? '') || saidOf(quota, response).left === 0;
}

/** An HTTP client that keeps to the pace, and waits for nothing beyond the deadline; the retries of the SDKs as well. */
export function paced(inner: HttpClient, pace: Pace, deadline?: Deadline): HttpClient {
  return {
    async sendRequest(request) {
      await pace.before(request, deadline?.leftMs());
      const response = await inner.sendRequest(request);
      pace.after(request, response);
      return response;
    },
  };
}

function quotasOf(request: PipelineRequest): Quota[] {
  const { host, pathname, search } = new URL(request.url);
  if (/^graph\.|^microsoftgraph\./.test(host)) {
    const units = { key: GRAPH, ...GRAPH_UNITS, cost: unitsOf(request) };
    return /keyCredentials/i.test(search) ? [units, { key: 'keyCredentials', ...KEY_CREDENTIALS, cost: 1 }] : [units];
  }
  if (!host.startsWith('management.')) return [];
  if (/^\/providers\/Microsoft\.ResourceGraph\//i.test(pathname)) {
    return [{ key: 'resourceGraph', ...RESOURCE_GRAPH, cost: 1 }];
  }
  const [, subscriptionId] = /^\/+subscriptions\/([^/]+)/i.exec(pathname) ?? [];
  const leftIn = `x-ms-ratelimit-remaining-${subscriptionId ? 'subscription' : 'tenant'}-reads`;
  return [{ key: `arm ${subscriptionId?.toLowerCase() ?? 'tenant'}`, ...ARM_READS, cost: 1, leftIn }];
}
