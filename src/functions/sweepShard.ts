import { app, output } from '@azure/functions';
import { SHARD_QUEUE, type ShardMessage } from '../app.ts';
import { sweepMessage } from '../sweepMessage.ts';

const further = output.storageQueue({ queueName: SHARD_QUEUE, connection: 'AzureWebJobsStorage' });

app.storageQueue<ShardMessage>('sweepShard', {
  queueName: SHARD_QUEUE,
  connection: 'AzureWebJobsStorage',
  extraOutputs: [further],
  handler: async (message, context) => {
    const next = await sweepMessage(message, context);
    if (next) context.extraOutputs.set(further, next);
  },
});
