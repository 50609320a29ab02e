import { observedChange } from './history.ts';
import { lastSegment } from './model/armId.ts';
import type { PostureChange, RecordedChange, Snapshot } from './model/change.ts';
import type { Facts, Instant, Registry, Token } from './model/estate.ts';
import { gapCovers } from './model/gap.ts';

/** Clocks differ, and a sweep takes its time. */
const MARGIN_MS = 5 * 60 * 1000;
/** The activity log may be late by minutes; what it does not know after a day it will not know. */
const WAIT_MS = 24 * 60 * 60 * 1000;

/** What is kept of the tokens of a registry. */
export type TokensSeen = Required<Pick<Snapshot, 'tokens'>> & Pick<Snapshot, 'tokensMade'>;

/** The tokens of a registry as they are to be kept; undefined: they could not be read. */
export function tokensOf(registry: Registry, tokens: Token[], { gaps }: Facts): TokensSeen | undefined {
  if (gaps.some((gap) => gap.source === 'tokens' && gapCovers(gap, registry.id))) return undefined;
  return {
    tokens: Object.fromEntries(tokens.map(({ name, enabled }) => [name, enabled])),
    tokensMade: Object.fromEntries(tokens.flatMap(({ name, createdOn }) => (createdOn ? [[name, createdOn]] : []))),
  };
}

/** The tokens of a registry as they were kept; undefined: they were never read. */
export function tokensKept({ tokens, tokensMade }: Snapshot): TokensSeen | undefined {
  return tokens && { tokens, ...(tokensMade && { tokensMade }) };
}

/**
 * The tokens that were made, made anew with other passwords, or enabled again since the last sweep; one that is disabled
 * lets nobody in.
 */
export function openedTokens(
  { id }: Registry,
  before: TokensSeen,
  now: TokensSeen,
  between: { from: Instant; to: Instant },
): PostureChange[] {
  return Object.entries(now.tokens).flatMap(([name, enabled]) => {
    const isNew = before.tokens[name] === undefined || isOther(before.tokensMade?.[name], now.tokensMade?.[name]);
    if (!enabled || (before.tokens[name] && !isNew)) return [];
    const was = isNew ? null : 'disabled';
    return observedChange({ registryId: id, property: `tokens/${name}`, before: was, after: 'enabled' }, between);
  });
}

/** Where either has no date of creation, nobody can tell, and it is taken for the same. */
function isOther(before: Instant | undefined, now: Instant | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
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
