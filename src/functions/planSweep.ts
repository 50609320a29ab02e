import { app, output } from '@azure/functions';
import { openApp, SHARD_QUEUE, type ShardMessage } from '../app.ts';
import { planSweep, shardsOf } from '../plan.ts';
import { takePolicy } from '../policy/inForce.ts';
import { readInterval } from '../settings.ts';

const shards = output.storageQueue({ queueName: SHARD_QUEUE, connection: 'AzureWebJobsStorage' });

app.timer('planSweep', {
  schedule: `0 0 */${readInterval()} * * *`,
  extraOutputs: [shards],
  handler: async (_timer, context) => {
    const { settings, azure, store, clock } = openApp();
    const sweptAt = new Date(Math.floor(clock().getTime() / 60_000) * 60_000).toISOString();
    const plan = await planSweep(azure, store, {
      ...(await takePolicy(store)),
      sweptAt,
      // A stand-in for Azure has a clock of its own.
      ...(!settings.simulatorUrl && { clock }),
      tenantId: settings.tenantId,
    });
    const messages: ShardMessage[] = shardsOf(plan).map((shard) => ({ sweepId: plan.sweepId, shard }));
    context.extraOutputs.set(shards, messages);
    context.log('sweep planned', { sweepId: plan.sweepId, shards: messages.length, gaps: plan.gaps.length });
  },
});
