import { app } from '@azure/functions';
import { INCIDENT_QUEUE, openApp, openResponder } from '../app.ts';
import type { AlertCall } from '../model/alert.ts';

app.storageQueue<AlertCall>('reportIncident', {
  queueName: INCIDENT_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: async (call, context) => {
    const { respond } = await import('../notify/respond.ts');
    const answered = await respond(await openResponder(openApp()), call);
    context.log('alert answered', { rule: call.rule, condition: call.condition, ...answered });
  },
});
