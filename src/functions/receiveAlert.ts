import { app, output } from '@azure/functions';
import { INCIDENT_QUEUE } from '../app.ts';
import { readSettings } from '../settings.ts';

const incidents = output.storageQueue({ queueName: INCIDENT_QUEUE, connection: 'AzureWebJobsStorage' });

app.http('receiveAlert', {
  methods: ['POST'],
  authLevel: 'function',
  extraOutputs: [incidents],
  handler: async (request, context) => {
    const { isRefused, readAlertCall } = await import('../notify/alertCall.ts');
    const { alertRulesScopes: scopes, environment } = readSettings();
    const call = readAlertCall(await request.text(), { scopes, environment }, new Date());
    if (isRefused(call)) {
      context.warn('alert call refused', { status: call.status, reason: call.reason });
      return { status: call.status, body: call.reason };
    }
    // Azure waits a few seconds only: the answer does not wait for the report.
    context.extraOutputs.set(incidents, call);
    context.log('alert received', { rule: call.rule, condition: call.condition });
    return { status: 202 };
  },
});
