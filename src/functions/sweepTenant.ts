import { app } from '@azure/functions';
import { type ShardMessage, TENANT_QUEUE } from '../app.ts';
import { sweepMessage } from '../sweepMessage.ts';

app.storageQueue<ShardMessage>('sweepTenant', {
  queueName: TENANT_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: sweepMessage,
});
