import { type ShardName, TENANT_SHARD } from './model/sweep.ts';
import { idOf, placeOf } from './stableId.ts';

/** Which part of a subscription a shard is: the first of one, where the subscription is swept as a whole. */
export interface Part {
  subscriptionId: string;
  /** from 1 */
  part: number;
  parts: number;
}

/** What a shard's name says; undefined: the tenant's. */
export function partOf(shard: ShardName): Part | undefined {
  if (shard === TENANT_SHARD) return undefined;
  const [, subscriptionId = shard, part = '1', parts = '1'] = /^(.*)~(\d+)of(\d+)$/.exec(shard) ?? [];
  return { subscriptionId, part: Number(part), parts: Number(parts) };
}

/** Whether a text is the id of a subscription, which is a guid. */
export function isSubscriptionId(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}

/** Whether a text is the name of a shard: whatever else lies beside what is kept of them is none. */
export function isShardName(text: string): boolean {
  return text === TENANT_SHARD || isSubscriptionId(subscriptionOf(text));
}

/** The subscription that a shard is of; empty: the tenant's. */
export function subscriptionOf(shard: ShardName): string {
  return partOf(shard)?.subscriptionId ?? '';
}

/** The shards of a subscription that is cut into so many parts: `<id>`, or `<id>~1of2` and `<id>~2of2`. */
export function shardsOfCut(subscriptionId: string, parts: number): ShardName[] {
  if (parts === 1) return [subscriptionId];
  const width = String(parts).length;
  const numbers = Array.from({ length: parts }, (_, index) => String(index + 1).padStart(width, '0'));
  return numbers.map((number) => `${subscriptionId}~${number}of${parts}`);
}

/** A shard with the parts of its subscription that come after it. */
export function partsFrom(shard: ShardName): ShardName[] {
  const part = partOf(shard);
  return part ? shardsOfCut(part.subscriptionId, part.parts).slice(part.part - 1) : [shard];
}

/**
 * Whether a shard of a subscription answers for a place in it. A registry, with all that is in it, belongs to the part
 * that follows from its id, whatever else is there; what is of no registry belongs to the first.
 */
export function holds({ part, parts }: Part, resourceId: string): boolean {
  return partFor(resourceId, parts) === part;
}

/** The part, from 1, that a place belongs to where its subscription is in so many. */
export function partFor(resourceId: string, parts: number): number {
  const [registryId] = /^.*\/registries\/[^/]+/i.exec(resourceId) ?? [];
  if (!registryId || parts === 1) return 1;
  return Math.floor(placeOf(idOf(registryId)) * parts) + 1;
}
