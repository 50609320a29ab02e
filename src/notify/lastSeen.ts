import type { WorkspaceRow } from '../model/alert.ts';
import { sameId } from '../model/armId.ts';
import { RESTATE_MS } from '../restate.ts';
import { minute, textOf, timeOf } from './text.ts';

/**
 * Why a registry may not be where its newest row saw it, by what its own environment's shards of that subscription have
 * swept since; undefined where nothing says so. Rows are not written for what is as it was, but every twelve hours: only
 * after those does their lack say anything.
 */
export function unseenSince(registry: WorkspaceRow, shards: WorkspaceRow[]): string | undefined {
  const swept = shards.filter((row) =>
    ['SubscriptionId', 'Environment'].every((column) => sameId(textOf(row, column), textOf(registry, column))),
  );
  const [name, seenAt] = [textOf(registry, 'RegistryName'), timeOf(registry, 'SweptAt')];
  const last = `the sweep of ${minute(registry.SweptAt)}`;
  if (swept.some((row) => timeOf(row, 'SweptAt') >= seenAt + RESTATE_MS))
    return `${last} was the last to see ${name}, which was deleted since or is where nobody here can look`;
  return swept.some((row) => timeOf(row, 'DeletedAt') > seenAt)
    ? `after ${last} has seen ${name}, a registry of its subscription was deleted, maybe this one`
    : undefined;
}
