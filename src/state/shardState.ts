import type { PostureChange, Snapshot } from '../model/change.ts';
import type { ComparedFinding } from '../model/finding.ts';
import type { Exception } from '../model/policy.ts';
import type { Source } from '../model/source.ts';
import type { ShardName, ShardReport } from '../model/sweep.ts';
import { ABSENT, readDocument, type Store } from './store.ts';

/** What a shard's next sweep must know of this one. */
export interface ShardState {
  version: 1;
  shard: ShardName;
  sweepId: string;
  sweptAt: string;
  /** those still open */
  findings: ComparedFinding[];
  /** ids of the registries that were there */
  registries: string[];
  /** the registries as they were, by id in lower case */
  snapshots?: Record<string, Snapshot>;
  /** ids of the recorded changes that were written, for as long as Azure keeps the records */
  told?: string[];
  /** of the tenant shard: the exceptions that the policy had */
  exceptions?: Exception[];
  /** ids of the registries that the sweep had no time left for, by what was not read of them */
  notReached?: Partial<Record<Source, string[]>>;
  /** of a subscription that was cut anew: the sweeps of former shards that this one has taken over, as {@link keyOf} */
  adopted?: string[];
  /** the subscription was cut anew into so many parts, as of that sweep; `taken`: nothing of this is needed any more */
  over?: { parts: number; sweptAt: string; taken?: true };
  /** those that this sweep resolved, and the changes that it tells of: for publishing them again after a crash */
  resolved?: ComparedFinding[];
  changes?: PostureChange[];
  /** of the sweep that wrote this, before anything was published */
  report: ShardReport;
}

export interface LoadedState {
  /** undefined: this shard was never swept */
  state?: ShardState;
  /** for {@link saveState}: nobody may have written in between */
  etag: string;
}

const PREFIX = 'shards/';

/** The last sweep of a shard. */
export async function loadState(store: Store, shard: ShardName): Promise<LoadedState> {
  const loaded = await readDocument<ShardState>(store, nameOf(shard), 1);
  return loaded ? { state: loaded.document, etag: loaded.etag } : { etag: ABSENT };
}

/** Replaces the last sweep of a shard; throws a ConflictError if another worker did so first. */
export async function saveState(store: Store, state: ShardState, etag: string): Promise<void> {
  await store.write(nameOf(state.shard), JSON.stringify(state), etag);
}

/** Names one sweep of a shard. */
export function keyOf({ shard, sweepId }: Pick<ShardState, 'shard' | 'sweepId'>): string {
  return `${shard}@${sweepId}`;
}

/** Removes all that is kept of the sweeps of a shard. */
export async function forgetShard(store: Store, shard: ShardName): Promise<void> {
  // The state goes last: by it the shard is found again, should this be cut short.
  for (const kept of ['seldom/', 'published/', PREFIX]) await store.remove(`${kept}${shard}.json`);
}

/** The shards that have ever been swept. */
export async function sweptShards(store: Store): Promise<ShardName[]> {
  const names = await store.list(PREFIX);
  return names.map((name) => name.slice(PREFIX.length, -'.json'.length));
}

function nameOf(shard: ShardName): string {
  return `${PREFIX}${shard}.json`;
}
