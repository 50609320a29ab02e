import type { AlertCall, Incident } from '../model/alert.ts';
import type { Send } from '../publish/ingestion.ts';
import { publish } from '../publish/publish.ts';
import type { Row } from '../publish/rows.ts';
import {
  answerAgain,
  beginAnswer,
  countCard,
  endAnswer,
  incidentId,
  isAnswered,
  keepCard,
  keptCards,
  readKeptCard,
} from '../state/incidents.ts';
import { CorruptStateError, type Store } from '../state/store.ts';
import { cardOf, stormCard, type TeamsMessage } from './card.ts';
import { type IncidentPlace, investigate, unanswered } from './incident.ts';
import { markdownOf } from './report.ts';
import type { Post } from './teams.ts';
import { textOf } from './text.ts';
import type { Ask } from './workspace.ts';

export interface Responder {
  ask: Ask;
  /** undefined: there is no Teams, and rows are all */
  post?: Post;
  send: Send;
  store: Store;
  place: IncidentPlace;
  environment: string;
  /** between two sweeps */
  sweepIntervalHours: number;
  clock(): Date;
}

/** Cards of one quarter of an hour; what comes after them is one card, and rows. */
export const CARDS_A_QUARTER = 20;

export interface Answered {
  incidentId: string;
  card: 'posted' | 'kept' | 'storm' | 'none' | 'repeated' | 'outdated';
}

/**
 * Answers an alert once: a report from the workspace, a card, a row. Throws when the workspace does not answer; the last
 * time, there is a card of what the call itself says. Throws too while somebody else is at it, so that the queue keeps the
 * message: they may die over it.
 */
export async function respond(responder: Responder, call: AlertCall, isLastTime = false): Promise<Answered> {
  const { ask, store, place, sweepIntervalHours, clock } = responder;
  const id = incidentId(call);
  const begun = await beginAnswer(store, id, clock());
  if (begun === 'answered') return { incidentId: id, card: 'repeated' };
  if (begun === 'busy') throw new Error(`somebody else is answering incident ${id}: it is looked at again later`);
  try {
    const started = clock();
    const incident = await investigate(call, ask, place, sweepIntervalHours).catch((error: unknown) => {
      if (isLastTime) return unanswered(call, place);
      throw error;
    });
    const diagnosedMs = clock().getTime() - started.getTime();
    const card = await tellTeams(responder, incident, id);
    await publish(
      responder.send,
      store,
      { sweepId: `incident-${id}`, shard: 'incident' },
      { AcrWardenIncidents_CL: [incidentRow(responder, incident, id, diagnosedMs)] },
    );
    await endAnswer(store, id, clock());
    return { incidentId: id, card };
  } catch (error) {
    await answerAgain(store, id, begun);
    throw error;
  }
}

async function tellTeams(responder: Responder, incident: Incident, id: string): Promise<Answered['card']> {
  const { post, store, clock, place } = responder;
  if (!post) return 'none';
  const { call } = incident;
  // Calls may overtake one another: what is resolved already is not announced as fired.
  const resolvedId = incidentId({ alertId: call.alertId, condition: 'Resolved' });
  if (call.condition === 'Fired' && (await isAnswered(store, resolvedId))) return 'outdated';
  const quarter = quarterOf(clock());
  const count = await countCard(store, quarter.replace(/[-:]/g, ''));
  if (count > CARDS_A_QUARTER + 1) return 'storm';
  const storm = count === CARDS_A_QUARTER + 1;
  const message = storm ? stormCard(CARDS_A_QUARTER, quarter, place.portal) : cardOf(incident);
  const refused = await post(message);
  const endId = call.condition === 'Fired' && !storm ? resolvedId : undefined;
  const keptAt = clock().toISOString();
  if (refused) {
    const { reason } = refused;
    await keepCard(store, id, { version: 1, message, reason, keptAt, ...(endId && { endId }) });
    return 'kept';
  }
  return storm ? 'storm' : 'posted';
}

/** How often a sweep is closed, and cards are tried again. */
const CLOSING_MS = 5 * 60 * 1000;
/** After so long a card is no news any more; the row of its incident stays. */
const KEPT_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Posts the cards again that Teams did not take, a few at a time and others each time; returns how many are still kept. One
 * that is refused for what it is bars no other; it stops at any other refusal: the workflow is down, or its address is
 * wrong. One that cannot be read stays where it is. Where there is no Teams any more, there is nobody to keep them for.
 */
export async function postKeptCards(post: Post | undefined, store: Store, now: Date): Promise<number> {
  const names = await keptCards(store);
  if (!post) {
    await Promise.all(names.map((name) => store.remove(name)));
    return 0;
  }
  let [kept, tried] = [names.length, 0];
  const first = (Math.floor(now.getTime() / CLOSING_MS) * CARDS_A_QUARTER) % Math.max(1, names.length);
  for (const name of [...names.slice(first), ...names.slice(0, first)]) {
    const card = await readKeptCard(store, name).catch((error: unknown) => {
      if (error instanceof CorruptStateError) return 'damaged' as const;
      throw error;
    });
    if (card === 'damaged') continue;
    const isOld = card?.keptAt !== undefined && now.getTime() - Date.parse(card.keptAt) > KEPT_FOR_MS;
    const isOver = isOld || (card?.endId !== undefined && (await isAnswered(store, card.endId)));
    if (card && !isOver) {
      if (tried === CARDS_A_QUARTER) break;
      tried++;
      const refused = await post(card.message as TeamsMessage);
      if (refused?.isOfCard) continue;
      if (refused) break;
    }
    await store.remove(name);
    kept--;
  }
  return kept;
}

function quarterOf(now: Date): string {
  const quarter = 15 * 60 * 1000;
  return new Date(Math.floor(now.getTime() / quarter) * quarter).toISOString();
}

function incidentRow({ environment, clock }: Responder, incident: Incident, id: string, diagnosedMs: number): Row {
  const { call, finding, registryName, likelyCause, confidence } = incident;
  const now = clock().toISOString();
  return {
    TimeGenerated: now,
    SweptAt: instantOf(finding?.SweptAt) ?? now,
    SweepId: textOf(finding, 'SweepId'),
    Environment: environment,
    IncidentId: id,
    AlertId: call.alertId,
    AlertRule: call.rule,
    Condition: call.condition,
    Severity: call.severity,
    RegistryName: registryName || textOf(finding, 'RegistryName') || (call.dimensions.RegistryName ?? ''),
    FindingId: textOf(finding, 'FindingId'),
    LikelyCause: likelyCause,
    Confidence: confidence,
    Report: markdownOf(incident),
    DiagnosedMs: diagnosedMs,
  };
}

function instantOf(value: unknown): string | undefined {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' && value !== '' ? value : undefined;
}
