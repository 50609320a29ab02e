import { app } from '@azure/functions';
import { openApp, openResponder } from '../app.ts';
import { closeSweeps } from '../close.ts';

app.timer('closeSweep', {
  // Well inside the 45 minutes after which the alert for a missing sweep counts.
  schedule: '0 */5 * * * *',
  handler: async (_timer, context) => {
    const opened = openApp();
    const { postKeptCards } = await import('../notify/respond.ts');
    const keptCards = await postKeptCards((await openResponder(opened)).post, opened.store, opened.clock());
    const { closed, undelivered, dropped } = await closeSweeps(opened, undefined, keptCards);
    const sweeps = closed.map(({ sweepId, planned, reported, outcome }) => ({ sweepId, planned, reported, outcome }));
    context.log('sweeps closed', { sweeps, undelivered, dropped });
  },
});
