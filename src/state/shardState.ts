import { type ByPrincipal, byPrincipal, principalOf } from '../byPrincipal.ts';
import type { NotReached } from '../collect/waiting.ts';
import { jsonOf } from '../json.ts';
import type { PostureChange, Snapshot } from '../model/change.ts';
import type { ComparedFinding } from '../model/finding.ts';
import type { Exception } from '../model/policy.ts';
import { type ShardName, type ShardReport, TENANT_SHARD } from '../model/sweep.ts';
import { type Packed, packed } from '../packed.ts';
import { isShardName } from '../shard.ts';
import type { Unlisted } from '../tenantChanges.ts';
import { ABSENT, corrupt, documentOf, documentsIn, type Store, type Whereabouts } from './store.ts';

/** What a shard's next sweep must know of this one. */
export interface ShardState {
  version: 1;
  shard: ShardName;
  sweepId: string;
  sweptAt: string;
  /** those still open. As read they are made of their text anew each time: kept, they are most of a large sweep's memory */
  findings: KeptFindings;
  /** ids of the registries that were there */
  registries: string[];
  /** the registries as they were, by id in lower case */
  snapshots?: Record<string, Snapshot>;
  /** of the tenant shard: ids of the changes that were written and may be met again; else they are the snapshots' */
  told?: string[];
  /** of the tenant shard: where it could not look for changes */
  unlisted?: Unlisted[];
  /** of the tenant shard: the exceptions that the policy had */
  exceptions?: Exception[];
  notReached?: NotReached;
  /** of a subscription that was cut anew: the sweeps of former shards that this one has taken over, as {@link keyOf} */
  adopted?: string[];
  /** the subscription was cut anew into so many parts, as of that sweep; `taken`: nothing of this is needed any more */
  over?: { parts: number; sweptAt: string; taken?: true };
  /** those that this sweep resolved, and the changes that it tells of: for publishing them again after a crash */
  resolved?: KeptFindings;
  changes?: PostureChange[];
  /** of the sweep that wrote this, before anything was published */
  report: ShardReport;
}

/** Findings; where they may be very many, in bins or as compressed JSON. */
type KeptFindings = Iterable<ComparedFinding> &
  Partial<Pick<ByPrincipal<ComparedFinding>, 'within'> & Pick<Packed<ComparedFinding>, 'texts'>>;

export interface LoadedState {
  /** undefined: this shard was never swept */
  state?: ShardState;
  /** for {@link saveState}: nobody may have written in between */
  etag: string;
}

const PREFIX = 'shards/';

// The whole is one JSON document in which each finding has a line of its own.
const FINDINGS = ',"findings":[';
const RESOLVED = '],"resolved":[';
const END = ']}';

/**
 * The last sweep of a shard. A finding that is damaged fails when it is looked at; of the tenant, whose findings may be
 * too many to be in memory as they are, it fails at once.
 */
export async function loadState(store: Store, shard: ShardName): Promise<LoadedState> {
  const at = { store, name: nameOf(shard) };
  if (shard === TENANT_SHARD) return loadTenant(at);
  const stored = await store.read(at.name);
  if (!stored) return { etag: ABSENT };
  const { text, etag } = stored;
  const begin = text.indexOf('\n');
  const between = text.indexOf(`\n${RESOLVED}\n`, begin);
  const head = text.slice(0, Math.max(0, begin));
  if (!head.endsWith(FINDINGS) || between < 0 || !text.endsWith(`\n${END}`)) return { state: stateOf(text, at), etag };
  const rest = headOf(head, at);
  const lines = (from: number, to: number): Iterable<ComparedFinding> => ({
    [Symbol.iterator]: () => findingsIn(text, from, to, at),
  });
  const findings = lines(begin + 1, between);
  const resolved = lines(between + `\n${RESOLVED}\n`.length, text.length - `\n${END}`.length);
  return { state: { ...rest, findings, resolved }, etag };
}

async function loadTenant(at: Whereabouts): Promise<LoadedState> {
  const findings = byPrincipal<ComparedFinding>();
  const resolved = packed<ComparedFinding>();
  /** what is not a line of a finding; without such lines, all of it */
  const other: string[] = [];
  let isDamaged = false;
  const take = (line: string): void => {
    const [head = '', isPast] = other;
    const json = line.endsWith(',') ? line.slice(0, -1) : line;
    if (!head.endsWith(FINDINGS) || line === RESOLVED || line === END) other.push(line);
    else if (line === '') return;
    else {
      const finding = parsed(json);
      if (!finding) isDamaged = true;
      else if (isPast) resolved.addJson(json);
      else findings.addJson(principalOf(finding), json);
    }
  };
  const etag = await at.store.readLines(at.name, take);
  if (etag === undefined) return { etag: ABSENT };
  findings.seal();
  resolved.seal();
  const [head = '', ...marks] = other;
  if (!head.endsWith(FINDINGS)) return { state: stateOf(other.join('\n'), at), etag };
  const rest = headOf(head, at);
  if (isDamaged || marks.join() !== [RESOLVED, END].join()) throw corrupt('is damaged', at);
  return { state: { ...rest, findings, resolved }, etag };
}

/** All but the findings, from the line before them. */
function headOf(line: string, at: Whereabouts): Omit<ShardState, 'findings'> {
  return inShape(documentOf<ShardState>(`${line.slice(0, -FINDINGS.length)}}`, 1, at), at);
}

/** All of it, as it was written before findings had lines of their own. */
function stateOf(text: string, at: Whereabouts): ShardState {
  const state = inShape(documentOf<ShardState>(text, 1, at), at);
  if (Array.isArray(state.findings)) return state;
  throw corrupt('is damaged', at);
}

/** JSON that does not say what every sweep says is damaged as well. */
function inShape(state: ShardState, at: Whereabouts): ShardState {
  const { sweepId, sweptAt, registries, report }: Partial<ShardState> = state;
  const isSaid = typeof sweepId === 'string' && typeof sweptAt === 'string';
  if (isSaid && Array.isArray(registries) && Array.isArray(report?.gaps)) return state;
  throw corrupt('is damaged', at);
}

/** The findings of the lines from one place of a text to another, at which a line ends. */
function* findingsIn(text: string, from: number, to: number, at: Whereabouts): Generator<ComparedFinding> {
  for (let begin = from; begin < to; ) {
    const end = text.indexOf('\n', begin);
    const line = text.slice(begin, end);
    yield findingOf(line.endsWith(',') ? line.slice(0, -1) : line, at);
    begin = end + 1;
  }
}

function findingOf(line: string, at: Whereabouts): ComparedFinding {
  const finding = parsed(line);
  if (finding) return finding;
  throw corrupt('is damaged', at);
}

function parsed(line: string): ComparedFinding | undefined {
  return jsonOf(line) as ComparedFinding | undefined;
}

/** Replaces the last sweep of a shard; throws a ConflictError if another worker did so first. */
export async function saveState(store: Store, state: ShardState, etag: string): Promise<void> {
  await store.write(nameOf(state.shard), { pieces: () => piecesOf(state) }, etag);
}

function* piecesOf({ findings, resolved = [], ...head }: ShardState): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)}${FINDINGS}\n`;
  yield* linesOf(findings);
  yield `\n${RESOLVED}\n`;
  yield* linesOf(resolved);
  yield `\n${END}`;
}

function* linesOf(findings: KeptFindings): Generator<string> {
  let between = '';
  for (const text of findings.texts?.() ?? textsOf(findings)) {
    yield `${between}${text}`;
    between = ',\n';
  }
}

function* textsOf(findings: Iterable<ComparedFinding>): Generator<string> {
  for (const finding of findings) yield JSON.stringify(finding);
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
  return (await documentsIn(store, PREFIX)).filter(isShardName);
}

function nameOf(shard: ShardName): string {
  return `${PREFIX}${shard}.json`;
}
