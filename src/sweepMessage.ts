import { openApp, type ShardMessage } from './app.ts';
import { READ_FOR_MS } from './deadline.ts';
import { readPlan } from './state/plans.ts';
import { runSweep } from './sweep.ts';

/** Sweeps the shard that a message names, whichever queue it came through. */
export async function sweepMessage(
  { sweepId, shard }: ShardMessage,
  context: { log(text: string, fields: object): void },
): Promise<void> {
  const opened = openApp(READ_FOR_MS);
  const result = await runSweep(opened, await readPlan(opened.store, sweepId), shard);
  if (!result) {
    context.log('shard already swept by a newer sweep', { sweepId, shard });
    return;
  }
  const { outcome, findings, registriesSeen, gaps, rowsPublished, rowsUndelivered } = result.report;
  context.log('shard swept', {
    sweepId,
    shard,
    outcome,
    findings,
    registriesSeen,
    gaps: gaps.length,
    rowsPublished,
    rowsUndelivered,
  });
}
