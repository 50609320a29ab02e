import type { Azure } from './azure.ts';
import { readWrites } from './collect/activityLog.ts';
import { askedSince, explain } from './explain.ts';
import { type History, SETTINGS_FIELDS } from './history.ts';
import type { PostureChange, Snapshot } from './model/change.ts';
import type { Instant, Registry } from './model/estate.ts';
import type { Gap } from './model/gap.ts';

/** A registry with what is known of its past. */
export interface Known {
  registry: Registry;
  history: History;
  /** as the last sweep saw it; absent: it is new */
  before?: Snapshot;
}

/**
 * Asks the activity log of a subscription about what no change record explains, and completes the histories with the
 * answer: one request and its pages for all its registries, and only when something is unexplained.
 */
export async function askWhoWrote(
  azure: Azure,
  subscriptionId: string,
  known: Known[],
  sweptAt: Instant,
  gaps: Gap[],
): Promise<void> {
  const asked = known.flatMap((one) => {
    const since = askedSince(one.registry, one.before, one.history.lastChanges, sweptAt);
    return since ? [{ ...one, since }] : [];
  });
  const [since] = asked.map((one) => one.since).sort();
  if (!since) return;
  const writes = await readWrites(azure, subscriptionId, { since, now: sweptAt }, gaps);
  const byRegistry = Map.groupBy(writes, ({ resourceId }) => resourceId.toLowerCase());
  for (const { registry, history } of asked) {
    const own = byRegistry.get(registry.id.toLowerCase()) ?? [];
    for (const change of explain(registry, history.lastChanges, own)) learn(history, change);
  }
}

/** A change that is now explained takes the place of the one that was not. */
function learn(history: History, { between: _, ...change }: PostureChange): void {
  const field = SETTINGS_FIELDS.find((one) => one === change.property);
  if (!field) return;
  const wasTold = history.lastChanges[field] !== undefined;
  history.lastChanges[field] = change;
  // What is older than the first sweep is known of, and no news.
  if (wasTold) history.changes = [...history.changes.filter(({ changeId }) => changeId !== change.changeId), change];
}
