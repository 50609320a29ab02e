import { app } from '@azure/functions';
import { openApp, SHARD_QUEUE, type ShardMessage } from '../app.ts';
import { readPlan } from '../state/plans.ts';
import { runSweep } from '../sweep.ts';

/**
 * The host kills a function after 30 minutes (host.json). What is under way at 20 may take a request's time and a wait that
 * Azure asks for, four minutes with retries; the rest is for judging, saving and sending the rows.
 */
const READ_FOR_MS = 20 * 60 * 1000;

app.storageQueue<ShardMessage>('sweepShard', {
  queueName: SHARD_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: async ({ sweepId, shard }, context) => {
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
  },
});
