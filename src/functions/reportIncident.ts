import { app, type InvocationContext } from '@azure/functions';
import { INCIDENT_QUEUE, MOST_DELIVERIES, openApp, openResponder } from '../app.ts';
import type { AlertCall } from '../model/alert.ts';

app.storageQueue<AlertCall>('reportIncident', {
  queueName: INCIDENT_QUEUE,
  connection: 'AzureWebJobsStorage',
  handler: async (call, context) => {
    const { respond } = await import('../notify/respond.ts');
    const answered = await respond(await openResponder(openApp()), call, isLastTime(context));
    context.log('alert answered', { rule: call.rule, condition: call.condition, ...answered });
  },
});

/** Nobody answers what lies in the poison queue. */
function isLastTime({ triggerMetadata }: InvocationContext): boolean {
  return Number(triggerMetadata?.dequeueCount) >= MOST_DELIVERIES;
}
