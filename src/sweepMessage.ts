import { openApp, type ShardMessage, steady } from './app.ts';
import { type Deadline, deadlineIn, isEarly, READ_FOR_MS, SEND_FOR_MS } from './deadline.ts';
import { sweepInTurn } from './inTurn.ts';
import type { ShardName, ShardResult } from './model/sweep.ts';
import { partsFrom } from './shard.ts';
import { readPlan, readReport } from './state/plans.ts';
import type { Store } from './state/store.ts';
import { runSweep, type SweepContext } from './sweep.ts';

/** What the host says of a message, and where it is told what came of it. */
export interface MessageContext {
  triggerMetadata?: Record<string, unknown>;
  log(text: string, fields: object): void;
}

/** The app that a message comes to, and its clock, which nobody sets. */
export interface MessageHost {
  /** a connection of its own, which reads until the one deadline and sends until the other */
  open(deadline?: Deadline, sendDeadline?: Deadline): SweepContext;
  /** milliseconds */
  now(): number;
}

/**
 * Sweeps the shard that a message names, whichever queue it came through, and then the later parts of its subscription;
 * returns the message for those that there was no time to begin.
 */
export async function sweepMessage(
  { sweepId, shard }: ShardMessage,
  context: MessageContext,
  { open, now }: MessageHost = { open: openApp, now: steady },
): Promise<ShardMessage | undefined> {
  const deadline = deadlineIn(READ_FOR_MS, now);
  const sendDeadline = deadlineIn(SEND_FOR_MS, now);
  const { store } = open();
  const plan = await readPlan(store, sweepId);
  const waiting = await unreported(store, sweepId, partsFrom(shard));
  const [next] = await sweepInTurn(waiting, {
    delivery: Number(context.triggerMetadata?.dequeueCount ?? 1),
    isTime: () => isEarly(deadline),
    // Each with a connection of its own, whose requests are counted.
    sweep: async (one) =>
      logResult(context, { sweepId, shard: one }, await runSweep(open(deadline, sendDeadline), plan, one)),
  });
  return next === undefined ? undefined : { sweepId, shard: next };
}

/** Those that are not swept, published and saved yet. */
async function unreported(store: Store, sweepId: string, shards: ShardName[]): Promise<ShardName[]> {
  const waiting: ShardName[] = [];
  for (const shard of shards) if (!(await readReport(store, sweepId, shard))) waiting.push(shard);
  return waiting;
}

function logResult(context: MessageContext, swept: ShardMessage, result: ShardResult | undefined): void {
  if (!result) {
    context.log('shard already swept by a newer sweep', { ...swept });
    return;
  }
  const { outcome, findings, registriesSeen, gaps, rowsPublished, rowsUndelivered } = result.report;
  context.log('shard swept', {
    ...swept,
    outcome,
    findings,
    registriesSeen,
    gaps: gaps.length,
    rowsPublished,
    rowsUndelivered,
  });
}
