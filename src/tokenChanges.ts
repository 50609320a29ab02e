import { observedChange } from './history.ts';
import { lastSegment } from './model/armId.ts';
import type { PostureChange, RecordedChange, Snapshot } from './model/change.ts';
import type { Facts, Instant, Registry, Token } from './model/estate.ts';
import { gapCovers } from './model/gap.ts';

/** Clocks differ, and a sweep takes its time. */
const MARGIN_MS = 5 * 60 * 1000;
/** The activity log may be late by minutes; what it does not know after a day it will not know. */
const WAIT_MS = 24 * 60 * 60 * 1000;

/** Whether each token of a registry is enabled; undefined: its tokens could not be read. */
export function tokensOf(registry: Registry, tokens: Token[], { gaps }: Facts): Record<string, boolean> | undefined {
  if (gaps.some((gap) => gap.source === 'tokens' && gapCovers(gap, registry.id))) return undefined;
  return Object.fromEntries(tokens.map(({ name, enabled }) => [name, enabled]));
}

/** The tokens that were made or enabled again since the last sweep; one that is disabled lets nobody in. */
export function openedTokens(
  { id }: Registry,
  before: Record<string, boolean>,
  now: Record<string, boolean>,
  between: { from: Instant; to: Instant },
): PostureChange[] {
  return Object.entries(now)
    .filter(([name, enabled]) => enabled && before[name] !== true)
    .map(([name]) => {
      const was = before[name] === undefined ? null : 'disabled';
      return observedChange({ registryId: id, property: `tokens/${name}`, before: was, after: 'enabled' }, between);
    });
}

/** What earlier sweeps could not explain, as long as an answer may still come. */
export function stillWaiting({ unexplained = [] }: Snapshot, sweptAt: Instant): PostureChange[] {
  return unexplained.filter(({ between }) => between && Date.parse(sweptAt) - Date.parse(between.to) <= WAIT_MS);
}

/** The same change with whoever wrote the token between the two sweeps, last if several did; undefined: nobody did. */
export function tokenWriter(change: PostureChange, writes: RecordedChange[]): PostureChange | undefined {
  const { between, ...rest } = change;
  if (!between) return undefined;
  const from = Date.parse(between.from) - MARGIN_MS;
  const to = Date.parse(between.to) + MARGIN_MS;
  const write = writes.findLast(
    ({ resourceId, changedAt }) =>
      isToken(resourceId, change) && Date.parse(changedAt) > from && Date.parse(changedAt) <= to,
  );
  if (!write) return undefined;
  const { changedBy, changedByType, client, operation, correlationId, changedAt, source } = write;
  return { ...rest, changedBy, changedByType, client, operation, correlationId, changedAt, source };
}

function isToken(resourceId: string, { registryId, property }: PostureChange): boolean {
  return resourceId.toLowerCase() === `${registryId}/tokens/${lastSegment(property)}`.toLowerCase();
}
