import { app } from '@azure/functions';
import { INCIDENT_QUEUE, openApp, openResponder } from '../app.ts';
import type { AlertCall } from '../model/alert.ts';
import { respond } from '../notify/respond.ts';

app.storageQueue<AlertCall>('reportIncident', {
  queueName: INCIDENT_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: async (call, context) => {
    const answered = await respond(openResponder(openApp()), call);
    context.log('alert answered', { rule: call.rule, condition: call.condition, ...answered });
  },
});
