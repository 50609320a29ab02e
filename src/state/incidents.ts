import type { AlertCall } from '../model/alert.ts';
import { idOf } from '../stableId.ts';
import { ABSENT, ConflictError, type CorruptStateError, readable, readDocument, type Store } from './store.ts';

const ANSWERED = 'incidents/answered/';
const RATE = 'incidents/rate/';
const KEPT = 'incidents/kept/';

/** The same alert in the same condition is one incident, however often Azure calls. */
export function incidentId({ alertId, condition }: Pick<AlertCall, 'alertId' | 'condition'>): string {
  return idOf(`${alertId}|${condition}`);
}

interface Answer {
  version: 1;
  /** when somebody began */
  begunAt: string;
  done: boolean;
}

/**
 * How long whoever began to answer is believed to be at it; after that they have died over it. The queue brings a failed
 * message again after a minute, five times in all (host.json): one of these must find it over.
 */
const AT_IT_MS = 3.5 * 60 * 1000;

/** An answer that somebody has begun. */
interface Begun {
  etag: string;
}

/** Begins to answer an incident; `answered`: it was; `busy`: somebody else is at it, and may yet fail. */
export async function beginAnswer(store: Store, id: string, now: Date): Promise<Begun | 'answered' | 'busy'> {
  const found = await readDocument<Answer>(store, answerName(id), 1);
  if (found?.document.done) return 'answered';
  if (found && now.getTime() - Date.parse(found.document.begunAt) < AT_IT_MS) return 'busy';
  const answer: Answer = { version: 1, begunAt: now.toISOString(), done: false };
  try {
    return { etag: await store.write(answerName(id), JSON.stringify(answer), found?.etag ?? ABSENT) };
  } catch (error) {
    if (error instanceof ConflictError) return 'busy';
    throw error;
  }
}

/** Notes that an incident has its row, and its card if there is one. */
export async function endAnswer(store: Store, id: string, now: Date): Promise<void> {
  const answer: Answer = { version: 1, begunAt: now.toISOString(), done: true };
  await store.write(answerName(id), JSON.stringify(answer));
}

/** Whether an incident was answered, or is being. */
export async function isAnswered(store: Store, id: string): Promise<boolean> {
  return (await store.read(answerName(id))) !== undefined;
}

/**
 * Takes the beginning back, so that a call that failed half-way is answered when it comes again; not that of somebody who has
 * taken over meanwhile.
 */
export async function answerAgain(store: Store, id: string, { etag }: Begun): Promise<void> {
  try {
    await store.remove(answerName(id), etag);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}

function answerName(id: string): string {
  return `${ANSWERED}${id}.json`;
}

/** How many cards this quarter of an hour has had, this one included. `quarter`: its name. */
export async function countCard(store: Store, quarter: string): Promise<number> {
  const name = `${RATE}${quarter}.json`;
  for (;;) {
    const loaded = await readDocument<{ version: 1; count: number }>(store, name, 1);
    const count = (loaded?.document.count ?? 0) + 1;
    try {
      await store.write(name, JSON.stringify({ version: 1, count }), loaded?.etag ?? ABSENT);
      return count;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}

/** A card that Teams did not take. */
export interface KeptCard {
  version: 1;
  message: unknown;
  reason: string;
  /** absent: by an older version */
  keptAt?: string;
  /** the answer to the end of its alert, if it is the card of a beginning */
  endId?: string;
}

export async function keepCard(store: Store, id: string, card: KeptCard): Promise<void> {
  await store.write(`${KEPT}${id}.json`, JSON.stringify(card));
}

/** Names of the kept cards. */
export async function keptCards(store: Store): Promise<string[]> {
  return store.list(KEPT);
}

export async function readKeptCard(store: Store, name: string): Promise<KeptCard | undefined> {
  return (await readDocument<KeptCard>(store, name, 1))?.document;
}

const FORGOTTEN = 'incidents/forgotten.json';
const DAY_MS = 24 * 60 * 60 * 1000;
/** Much longer than Azure, or the queue, repeats a call. */
const KEEP_DAYS = 30;

/**
 * Forgets, once a day, the answers that nobody will ask for again, and the counts of cards of quarters that are over.
 * What cannot be read is noted in `damaged`, and stays.
 */
export async function forgetIncidents(store: Store, now: Date, damaged: CorruptStateError[]): Promise<void> {
  const before = (days: number): string => new Date(now.getTime() - days * DAY_MS).toISOString();
  const day = before(0).slice(0, 10);
  const last = await readDocument<{ version: 1; day: string }>(store, FORGOTTEN, 1);
  if (last?.document.day === day) return;
  const [answers, counts] = [await store.list(ANSWERED), await store.list(RATE)];
  if (answers.length + counts.length === 0) return;
  for (const name of counts) if (name < `${RATE}${before(1).replace(/[-:]/g, '')}`) await store.remove(name);
  for (const name of answers) {
    const found = await readable(damaged, () => readDocument<Answer>(store, name, 1));
    if (found && found.document.begunAt < before(KEEP_DAYS)) await store.remove(name);
  }
  await store.write(FORGOTTEN, JSON.stringify({ version: 1, day }));
}
