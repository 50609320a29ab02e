import { app } from '@azure/functions';
import { openApp } from '../app.ts';
import { closeSweeps } from '../close.ts';

app.timer('closeSweep', {
  // Well inside the 45 minutes after which the alert for a missing sweep counts.
  schedule: '0 */5 * * * *',
  handler: async (_timer, context) => {
    const { closed, undelivered } = await closeSweeps(openApp());
    context.log('sweeps closed', { closed, undelivered });
  },
});
