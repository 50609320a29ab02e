/**
 * One sweep after another of a simulated tenant, as the deployed functions do it, in a process of its own whose memory
 * and processor time are the auditor's alone. Told where the tenant is, it sweeps; told anything more, it sweeps again,
 * an hour later. It is bundled before it runs, as what is deployed is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedIdentityCredential } from '@azure/identity';
import pLimit from 'p-limit';
import { connect } from '../src/azure.ts';
import { closeSweeps } from '../src/close.ts';
import { createPace } from '../src/pace.ts';
import { planSweep, shardsOf } from '../src/plan.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { ingestion } from '../src/publish/ingestion.ts';
import { rewriteTo } from '../src/rewrite.ts';
import { folderStore } from '../src/state/folder.ts';
import { runSweep, type SweepContext } from '../src/sweep.ts';
import type { Swept } from './figures.ts';
import { HOUR_MS, type SweeperOrder } from './messages.ts';

/** As many shards at once as a handful of instances of the function would sweep. */
const SHARDS_AT_ONCE = 16;

/** Sweeps number 0, 1, 2 … of one tenant. */
function sweeper({ server, folder, clock }: SweeperOrder): (number: number) => Promise<Swept> {
  process.env.IDENTITY_ENDPOINT = `${server.url}/msi/token`;
  process.env.IDENTITY_HEADER = 'bench';
  const credential = new ManagedIdentityCredential();
  const httpClient = rewriteTo(server.url);
  let hours = 0;
  const now = (): number => performance.now() * clock + hours * HOUR_MS;
  const pace = createPace({ now, sleep: (ms) => sleep(ms / clock), share: 1 });
  const store = folderStore(folder);
  return async (number) => {
    hours = number;
    const started = now();
    const cpu = process.cpuUsage();
    const begins = Date.parse(server.sweptAt) + number * HOUR_MS;
    const context = (): SweepContext => {
      const azure = connect({ credential, httpClient, pace });
      const send = ingestion(azure, server);
      return { azure, store, send, environment: 'bench', clock: () => new Date(begins + now() - started) };
    };
    const sweptAt = new Date(begins).toISOString();
    const request = { policy: DEFAULT_POLICY, sweptAt, tenantId: server.tenantId };
    const plan = await planSweep(context().azure, store, request);
    await pLimit(SHARDS_AT_ONCE).map(shardsOf(plan), async (shard) => {
      // What it found is let go, as the function does.
      await runSweep(context(), plan, shard);
    });
    const { closed } = await closeSweeps(context(), plan.sweepId);
    const { user, system } = process.cpuUsage(cpu);
    const row = closed.find(({ sweepId }) => sweepId === plan.sweepId)?.row ?? {};
    return {
      sweep: number === 0 ? 'first' : 'steady',
      wallSeconds: (now() - started) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakMiB: process.resourceUsage().maxRSS / 1024,
      registries: Number(row.RegistriesSeen),
      readInFull: Number(row.RegistriesRead),
      gaps: Number(row.GapCount),
    };
  };
}

let next: ((number: number) => Promise<Swept>) | undefined;
let number = 0;
process.on('message', async (order: SweeperOrder) => {
  next ??= sweeper(order);
  process.send?.(await next(number++));
});
process.on('disconnect', () => process.exit());
