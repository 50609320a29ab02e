import { app, output } from '@azure/functions';
import { openApp, SHARD_QUEUE, type ShardMessage, TENANT_QUEUE } from '../app.ts';
import { type ShardName, TENANT_SHARD } from '../model/sweep.ts';
import { planSweep, shardsOf } from '../plan.ts';
import { takePolicy } from '../policy/inForce.ts';
import { readInterval } from '../settings.ts';
import { partOf } from '../shard.ts';

const subscriptions = output.storageQueue({ queueName: SHARD_QUEUE, connection: 'AzureWebJobsStorage' });
const tenant = output.storageQueue({ queueName: TENANT_QUEUE, connection: 'AzureWebJobsStorage' });

app.timer('planSweep', {
  schedule: `0 0 */${readInterval()} * * *`,
  extraOutputs: [tenant, subscriptions],
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
    const shards = shardsOf(plan);
    // Whoever has swept the first part of a subscription goes on with the next.
    const first = shards.filter((shard) => partOf(shard)?.part === 1);
    const messagesOf = (names: ShardName[]): ShardMessage[] => names.map((shard) => ({ sweepId: plan.sweepId, shard }));
    context.extraOutputs.set(tenant, messagesOf(shards.filter((shard) => shard === TENANT_SHARD)));
    context.extraOutputs.set(subscriptions, messagesOf(first));
    context.log('sweep planned', { sweepId: plan.sweepId, shards: shards.length, gaps: plan.gaps.length });
  },
});
