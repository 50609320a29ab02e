import pLimit from 'p-limit';
import { messages } from './causes.ts';
import type { ShardName } from './model/sweep.ts';

/** While one is judged and its rows are sent, another reads. */
const AT_ONCE = 2;

export interface Turns {
  /** the first, the second … time that the message of these shards comes */
  delivery: number;
  sweep(shard: ShardName): Promise<void>;
  /** whether there is time to begin one more */
  isTime(): boolean;
}

/**
 * Sweeps shards one after another, two at a time: at least one, and none after it that there is no time to begin. Returns
 * those, in their order; where a sweep has failed, throws what it failed with, but not before the others have had their
 * turn. Each delivery begins with another shard, so that none which ends its process bars the rest.
 */
export async function sweepInTurn(shards: ShardName[], { delivery, sweep, isTime }: Turns): Promise<ShardName[]> {
  const first = shards.length === 0 ? 0 : (delivery - 1) % shards.length;
  const begun = new Set<ShardName>();
  const failed: unknown[] = [];
  await pLimit(AT_ONCE).map([...shards.slice(first), ...shards.slice(0, first)], async (shard) => {
    if (begun.size > 0 && !isTime()) return;
    begun.add(shard);
    await sweep(shard).catch((error: unknown) => failed.push(error));
  });
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1)
    throw new AggregateError(failed, `${failed.length} shards could not be swept: ${failed.map(messages).join('; ')}`);
  return shards.filter((shard) => !begun.has(shard));
}
