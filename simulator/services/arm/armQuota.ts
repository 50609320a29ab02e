import type { World } from '../../world.ts';
import { type Exchange, errorAnswer } from '../service.ts';

/** "Understand how Azure Resource Manager throttles requests": per subscription (or tenant) and principal; the subscription as a whole has 15 times that. */
const READS = { size: 250, perSecond: 25 };
const GLOBAL_READS = { size: READS.size * 15, perSecond: READS.perSecond * 15 };

/** Takes a read from the buckets: the headers for the answer, or the 429 instead of one. */
export function takeRead(
  { caller }: Exchange,
  subscriptionId: string | undefined,
  world: World,
): Response | Record<string, string> {
  const principal = caller?.objectId ?? '';
  if (subscriptionId === undefined) {
    const tenant = world.quotas.take(`arm tenant ${principal}`, READS);
    return tenant.allowed
      ? { 'x-ms-ratelimit-remaining-tenant-reads': String(tenant.remaining) }
      : throttled('tenant', principal, tenant.retryAfter);
  }
  const id = subscriptionId.toLowerCase();
  const own = world.quotas.take(`arm ${id} ${principal}`, READS);
  const global = world.quotas.take(`arm ${id}`, GLOBAL_READS);
  if (own.allowed && global.allowed) {
    return {
      'x-ms-ratelimit-remaining-subscription-reads': String(own.remaining),
      'x-ms-ratelimit-remaining-subscription-global-reads': String(global.remaining),
    };
  }
  return throttled(`subscription '${id}'`, principal, Math.max(own.retryAfter, global.retryAfter));
}

/** The message as it was quoted in velero-io/velero issue 9171 (2025). */
function throttled(what: string, principal: string, retryAfter: number): Response {
  const message =
    `Number of 'read' requests for ${what} actor '${principal}' exceeded. Please try again after '${retryAfter}' seconds ` +
    'after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.';
  return errorAnswer(429, 'SubscriptionRequestsThrottled', message, { 'retry-after': String(retryAfter) });
}
