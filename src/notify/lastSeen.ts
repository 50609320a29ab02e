import type { WorkspaceRow } from '../model/alert.ts';
import { sameId } from '../model/armId.ts';
import { RESTATE_MS } from '../restate.ts';
import { holds, partOf } from '../shard.ts';
import { minute, textOf, timeOf } from './text.ts';

/**
 * Why a registry may not be where its newest row saw it, by what its own environment's shards have swept since; undefined
 * where nothing says so. Rows are not written for what is as it was, but every twelve hours: only after those does their
 * lack say anything, and only where the registry's own shard has looked and its rows were delivered.
 */
export function unseenSince(registry: WorkspaceRow, shards: WorkspaceRow[]): string | undefined {
  const swept = shards.filter((row) => sameId(textOf(row, 'Environment'), textOf(registry, 'Environment')));
  const own = swept.filter((row) => answersFor(row, registry));
  const [name, seenAt] = [textOf(registry, 'RegistryName'), timeOf(registry, 'SweptAt')];
  const last = `the sweep of ${minute(registry.SweptAt)}`;
  const isOver = (at: number, since: number): boolean => at >= since + RESTATE_MS;
  // A row that waits to be delivered may be of this registry.
  const mayHaveSeenAt = Math.max(seenAt, ...own.map((row) => timeOf(row, 'UndeliveredAt')).filter(Number.isFinite));
  if (own.some((row) => isOver(timeOf(row, 'LookedAt'), mayHaveSeenAt)))
    return `${last} was the last to see ${name}, which was deleted since, was taken out of the scope or is where nobody here can look`;
  if (own.some((row) => timeOf(row, 'LeftAt') > seenAt))
    return `after ${last} has seen ${name}, a registry of its subscription was deleted, taken out of the scope or lost from sight, maybe this one`;
  return swept.some((row) => isOver(timeOf(row, 'SweptAt'), seenAt))
    ? `${name} is known as of ${last}: later ones have failed, left rows undelivered or not come to it`
    : undefined;
}

/** Whether a shard's row is of the shard that a registry belongs to, in whatever cut of its subscription. */
function answersFor(row: WorkspaceRow, registry: WorkspaceRow): boolean {
  const part = partOf(textOf(row, 'Shard'));
  return (
    part !== undefined &&
    sameId(part.subscriptionId, textOf(registry, 'SubscriptionId')) &&
    holds(part, textOf(registry, 'RegistryId'))
  );
}
