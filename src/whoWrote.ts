import type { Azure } from './azure.ts';
import { readWrites } from './collect/activityLog.ts';
import { askedSince, explain } from './explain.ts';
import type { History } from './history.ts';
import type { PostureChange, Snapshot } from './model/change.ts';
import type { Instant, Registry } from './model/estate.ts';
import type { Gap } from './model/gap.ts';
import { withOpened } from './opened.ts';
import { SETTINGS_FIELDS } from './posture.ts';
import { tokenWriter } from './tokenChanges.ts';

/** A registry with what is known of its past. */
export interface Known {
  registry: Registry;
  history: History;
  /** ids of the recorded changes that were told until now, and may come again */
  told: string[];
  /** as the last sweep saw it; absent: it is new */
  before?: Snapshot;
  /** whether each of its tokens is enabled; absent: never read */
  tokens?: Record<string, boolean>;
  tokensMade?: Record<string, Instant>;
  /** of tokens that this sweep could not read: the one that did */
  tokensAt?: Instant;
  /** tokens made or enabled again, and nobody is known to have done so yet */
  opened: PostureChange[];
  /** it was deleted and made again since the last sweep */
  isRecreated: boolean;
}

/**
 * Asks the activity log of a subscription about what no change record explains, and completes the histories with the
 * answer: one request and its pages for all its registries, and only when something is unexplained. `anyway`: since when
 * it is asked even if nothing is, because somebody has to know whether it can be read.
 */
export async function askWhoWrote(
  azure: Azure,
  subscriptionId: string,
  known: Known[],
  { sweptAt, anyway }: { sweptAt: Instant; anyway: Instant | undefined },
  gaps: Gap[],
): Promise<void> {
  const asked = known.flatMap((one) => {
    const tokens = one.opened.flatMap(({ between }) => between?.from ?? []);
    const posture = askedSince(one.registry, one.before, one.history.lastChanges, sweptAt);
    const [since] = [...tokens, ...(posture ? [posture] : [])].sort();
    return since ? [{ ...one, since }] : [];
  });
  const [since] = [...asked.map((one) => one.since), ...(anyway ? [anyway] : [])].sort();
  if (!since) return;
  const writes = await readWrites(azure, subscriptionId, { since, now: sweptAt }, gaps);
  const byRegistry = Map.groupBy(writes, ({ resourceId }) => resourceId.toLowerCase());
  for (const { registry, history, opened } of asked) {
    const own = byRegistry.get(registry.id.toLowerCase()) ?? [];
    for (const change of explain(registry, history.lastChanges, own)) learn(history, change);
    opened.splice(0, opened.length, ...opened.map((change) => tokenWriter(change, writes) ?? change));
  }
}

/** A change that is now explained takes the place of the one that was not. */
function learn(history: History, { between: _, ...change }: PostureChange): void {
  const field = SETTINGS_FIELDS.find((one) => one === change.property);
  if (!field) return;
  history.lastChanges[field] = change;
  history.openings = withOpened(history.openings, change);
  // What was so from the making of the registry, or since before the first sweep, is known of, and no news.
  if (change.before !== null)
    history.changes = [...history.changes.filter(({ changeId }) => changeId !== change.changeId), change];
}
