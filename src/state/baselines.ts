import { accept, firstSeen, isOf, lastWord, movedFrom, withTold } from '../baseline.ts';
import { lastSegment } from '../model/armId.ts';
import type { Instant, Registry } from '../model/estate.ts';
import type { Acceptance, Baseline, Posture } from '../model/posture.ts';
import { isSubscriptionId } from '../shard.ts';
import {
  ABSENT,
  ConflictError,
  type CorruptStateError,
  corrupt,
  documentsIn,
  readable,
  readDocument,
  type Store,
} from './store.ts';

/** What is expected of the registries of one subscription, apart from the policy. */
interface BaselineDocument {
  version: 1;
  subscriptionId: string;
  /** by registry id in lower case */
  baselines: Record<string, Baseline>;
}

const PREFIX = 'baselines/';
/** All parts of a subscription and a person who accepts may meet; none takes long, and each try lets one of them through. */
const TRIES = 100;
/** A registry that is moved goes from one subscription before or after it comes to the other. */
const KEEP_GONE_MS = 30 * 24 * 60 * 60 * 1000;

/** What is kept of the registries of a subscription, by registry id in lower case; throws on a foreign version. */
export async function readBaselines(store: Store, subscriptionId: string): Promise<Map<string, Baseline>> {
  const { baselines } = (await load(store, subscriptionId)).document;
  return new Map(Object.entries(baselines));
}

/** The subscriptions of which anything is kept. */
export async function baselineSubscriptions(store: Store): Promise<string[]> {
  return (await documentsIn(store, PREFIX)).filter(isSubscriptionId);
}

export interface Sighting {
  registries: Registry[];
  /** ids of registries that are gone */
  deleted: string[];
  at: Instant;
  /** ids of the subscriptions of which something was kept before this sweep; absent: whatever is kept now */
  baselinesOf?: string[];
  /** what the last sweep measured a registry by: it takes the place of a baseline that was lost */
  measuredBy?(registry: Registry): Baseline | undefined;
  /** when the acceptance was given of which the last sweep of a registry has told, or an earlier one */
  toldOf?(registry: Registry): Instant | undefined;
}

/**
 * What is kept of the registries of a subscription, after those seen for the first time were taken as they are: also one
 * that was made again under an old id. A registry that was moved, or moved back, brings with it what was said last of it
 * anywhere, be it that what is kept elsewhere can be read in a later sweep only; one that is still being made is left
 * until it is whole. Where a baseline was lost, what the last sweep measured by takes its place.
 */
export async function rememberFirstSeen(
  store: Store,
  subscriptionId: string,
  sighting: Sighting,
): Promise<Map<string, Baseline>> {
  const { registries, deleted, at, baselinesOf, measuredBy, toldOf } = sighting;
  const elsewhere = otherBaselines(store, subscriptionId, baselinesOf);
  const { baselines } = await update(store, subscriptionId, async (document) => {
    const within = byName(keptIn(subscriptionId, Object.values(document.baselines)));
    for (const registry of registries) {
      const { id, provisioningState } = registry;
      if (provisioningState === 'Creating') continue;
      const kept = document.baselines[id.toLowerCase()] ?? measuredBy?.(registry);
      const own = kept && isOf(kept, registry) ? kept : undefined;
      const isSettled = own && !own.goneAt && !own.mayBeMoved;
      document.baselines[id.toLowerCase()] = isSettled
        ? withTold({ ...own, registryId: id }, toldOf?.(registry))
        : await broughtAlong(registry, own, { store, document, within, elsewhere: await elsewhere(), at });
    }
    for (const id of deleted) markGone(document, id, at);
    forgetGone(document, at);
  });
  return new Map(Object.entries(baselines));
}

/** Accepts a posture of a registry; throws when no sweep has seen it yet. */
export async function acceptPosture(
  store: Store,
  { registryId, subscriptionId }: { registryId: string; subscriptionId: string },
  posture: Posture,
  given: Pick<Acceptance, 'at' | 'by' | 'reason'>,
): Promise<Baseline> {
  const key = registryId.toLowerCase();
  const { baselines } = await update(store, subscriptionId, async (document) => {
    const baseline = document.baselines[key];
    if (!baseline) throw new Error(`nothing is kept of ${registryId} in ${store.place}; sweep it once with this state`);
    document.baselines[key] = accept(baseline, posture, given);
  });
  const accepted = baselines[key];
  if (!accepted) throw new Error(`the baseline of ${registryId} was lost while it was accepted`);
  return accepted;
}

function markGone({ baselines }: BaselineDocument, id: string, at: Instant): void {
  const baseline = baselines[id.toLowerCase()];
  if (baseline) baseline.goneAt ??= at;
}

function forgetGone({ baselines }: BaselineDocument, at: Instant): void {
  for (const [key, { goneAt }] of Object.entries(baselines)) {
    if (goneAt && Date.parse(at) - Date.parse(goneAt) > KEEP_GONE_MS) delete baselines[key];
  }
}

/** A baseline, and whose document it is in. */
interface Kept {
  subscriptionId: string;
  baseline: Baseline;
}

/** By name of the registry in lower case. */
type ByName = Map<string, Kept[]>;

interface Elsewhere {
  byName: ByName;
  /** what is kept of some subscription cannot be read */
  isDamaged: boolean;
}

interface Places {
  store: Store;
  document: BaselineDocument;
  /** what was kept in the document before this sweep */
  within: ByName;
  elsewhere: Elsewhere;
  at: Instant;
}

/**
 * The baseline of a registry that stands where it did not stand before, of those it has had anywhere. It stands at none
 * of the other places any more, even where their own sweeps cannot look.
 */
async function broughtAlong(
  registry: Registry,
  own: Baseline | undefined,
  { store, document, within, elsewhere, at }: Places,
): Promise<Baseline> {
  const former = [within, elsewhere.byName]
    .flatMap((all) => all.get(registry.name.toLowerCase()) ?? [])
    .filter(({ baseline }) => movedFrom(baseline, registry));
  // Marked first: should this be cut short, the next sweep looks here again.
  for (const { subscriptionId, baseline } of former) {
    if (baseline.goneAt) continue;
    const mark = (left: BaselineDocument) => markGone(left, baseline.registryId, at);
    if (subscriptionId === document.subscriptionId) mark(document);
    else await update(store, subscriptionId, async (left) => mark(left));
  }
  const had = [...(own ? [own] : []), ...former.map(({ baseline }) => baseline)];
  const { goneAt: _gone, mayBeMoved: _open, ...baseline } = lastWord(had) ?? firstSeen(registry, at);
  return { ...baseline, registryId: registry.id, ...(elsewhere.isDamaged && { mayBeMoved: true }) };
}

/** What is kept of the registries of all other subscriptions; it is read once, when it is first asked for. */
function otherBaselines(store: Store, subscriptionId: string, among?: string[]): () => Promise<Elsewhere> {
  const read = async (): Promise<Elsewhere> => {
    const all: Kept[] = [];
    // Its own shard says so.
    const damaged: CorruptStateError[] = [];
    for (const other of among ?? (await baselineSubscriptions(store))) {
      if (other === subscriptionId) continue;
      const baselines = await readable(damaged, () => readBaselines(store, other));
      all.push(...keptIn(other, baselines?.values() ?? []));
    }
    return { byName: byName(all), isDamaged: damaged.length > 0 };
  };
  let reading: Promise<Elsewhere> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}

function* keptIn(subscriptionId: string, baselines: Iterable<Baseline>): Generator<Kept> {
  for (const baseline of baselines) yield { subscriptionId, baseline };
}

function byName(kept: Iterable<Kept>): ByName {
  return Map.groupBy(kept, ({ baseline }) => lastSegment(baseline.registryId).toLowerCase());
}

async function load(store: Store, subscriptionId: string): Promise<{ document: BaselineDocument; etag: string }> {
  const name = nameOf(subscriptionId);
  const found = await readDocument<BaselineDocument>(store, name, 1);
  const { baselines }: Partial<BaselineDocument> = found?.document ?? {};
  if (found && !(baselines instanceof Object)) throw corrupt('is damaged', { store, name });
  return found ?? { document: { version: 1, subscriptionId, baselines: {} }, etag: ABSENT };
}

/** Writes only what has changed, and begins again with what is there now when another writer was faster. */
async function update(
  store: Store,
  subscriptionId: string,
  edit: (document: BaselineDocument) => Promise<void>,
): Promise<BaselineDocument> {
  for (let left = TRIES; ; left--) {
    const { document, etag } = await load(store, subscriptionId);
    const before = JSON.stringify(document);
    await edit(document);
    const after = JSON.stringify(document);
    if (after === before) return document;
    try {
      await store.write(nameOf(subscriptionId), after, etag);
      return document;
    } catch (error) {
      if (!(error instanceof ConflictError) || left <= 1) throw error;
    }
  }
}

function nameOf(subscriptionId: string): string {
  return `${PREFIX}${subscriptionId}.json`;
}
