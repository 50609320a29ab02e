import type { World } from '../../world.ts';
import { type Exchange, queryValue } from '../service.ts';
import { graphError } from './graphAnswers.ts';

/** throttling-limits.md, "Identity and access": 8,000 units per 10 seconds for an application in a large tenant. */
const UNITS = { size: 8000, perSecond: 800 };
/** application-list.md: selecting keyCredentials is limited to 150 requests a minute for a tenant. */
const KEY_CREDENTIALS = { size: 150, perSecond: 150 / 60 };

/** Base costs of throttling-limits.md by path; anything else costs 1, as what is asked of one application. */
const COSTS: [RegExp, number][] = [
  [/^\/applications$/i, 2],
  [/^\/directoryobjects\/(microsoft\.graph\.)?getbyids/i, 3],
  [/^\/groups\/[^/]+\/members/i, 3],
  [/^\/groups\/[^/]+\/transitivemembers/i, 5],
  [/^\/groups/i, 2],
  [/^\/users/i, 2],
];

/** Takes the request's units: the headers for the answer, or the 429 instead of one. */
export function takeUnits({ url, caller }: Exchange, path: string, world: World): Response | Record<string, string> {
  const select = queryValue(url, '$select');
  const key = `graph ${caller?.clientId}`;
  if (select?.split(',').includes('keyCredentials') === true) {
    const taken = world.quotas.take(`${key} keyCredentials`, KEY_CREDENTIALS);
    if (!taken.allowed) return throttled(taken.retryAfter, 'RequestLimitExceeded', caller?.clientId, world);
  }
  const units = cost(path, select, queryValue(url, '$expand'), queryValue(url, '$top'));
  const taken = world.quotas.take(key, UNITS, units);
  if (!taken.allowed) return throttled(taken.retryAfter, 'ResourceUnitLimitExceeded', caller?.clientId, world);
  const used = 1 - taken.remaining / UNITS.size;
  return {
    'x-ms-resource-unit': String(units),
    ...(used >= 0.8 ? { 'x-ms-throttle-limit-percentage': used.toFixed(1) } : {}),
  };
}

/** `$select` and a `$top` below 20 save a unit each, `$expand` costs one; never less than 1. */
function cost(path: string, select: string | undefined, expand: string | undefined, top: string | undefined): number {
  let units = COSTS.find(([pattern]) => pattern.test(path))?.[1] ?? 1;
  if (select !== undefined) units -= 1;
  if (expand !== undefined) units += 1;
  if (top !== undefined && Number(top) < 20) units -= 1;
  return Math.max(1, units);
}

function throttled(retryAfter: number, why: string, clientId: string | undefined, world: World): Response {
  return graphError(429, 'TooManyRequests', 'Too many requests.', world, {
    'retry-after': String(retryAfter),
    'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${clientId}/${world.estate.tenantId}`,
    'x-ms-throttle-information': why,
  });
}
