import { createHash } from 'node:crypto';
import type { AlertCall } from '../model/alert.ts';
import { ABSENT, ConflictError, readDocument, type Store } from './store.ts';

const ANSWERED = 'incidents/answered/';
const RATE = 'incidents/rate/';
const KEPT = 'incidents/kept/';

/** The same alert in the same condition is one incident, however often Azure calls. */
export function incidentId({ alertId, condition }: Pick<AlertCall, 'alertId' | 'condition'>): string {
  return createHash('sha256').update(`${alertId}|${condition}`.toLowerCase()).digest('hex').slice(0, 16);
}

/** Notes that an incident is being answered; false when it already was. */
export async function answerOnce(store: Store, id: string): Promise<boolean> {
  try {
    await store.write(`${ANSWERED}${id}.json`, JSON.stringify({ version: 1 }), ABSENT);
    return true;
  } catch (error) {
    if (error instanceof ConflictError) return false;
    throw error;
  }
}

/** Whether an incident was answered. */
export async function wasAnswered(store: Store, id: string): Promise<boolean> {
  return (await store.read(`${ANSWERED}${id}.json`)) !== undefined;
}

/** Takes the note back, so that a call that failed half-way is answered when it comes again. */
export async function answerAgain(store: Store, id: string): Promise<void> {
  await store.remove(`${ANSWERED}${id}.json`);
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
