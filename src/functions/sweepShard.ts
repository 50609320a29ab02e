import { app } from '@azure/functions';
import { SHARD_QUEUE, type ShardMessage } from '../app.ts';
import { sweepMessage } from '../sweepMessage.ts';

app.storageQueue<ShardMessage>('sweepShard', {
  queueName: SHARD_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: sweepMessage,
});
