/**
 * Sweeps a simulated tenant step by step, as the deployed functions do it, in a process of its own whose memory and
 * processor time are the auditor's alone. Told where the tenant is, it makes ready; told a step, it does it. It is
 * bundled before it runs, as what is deployed is.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedIdentityCredential } from '@azure/identity';
import pLimit from 'p-limit';
import { connect } from '../src/azure.ts';
import { closeSweeps } from '../src/close.ts';
import { type Deadline, deadlineIn, isEarly, READ_FOR_MS } from '../src/deadline.ts';
import { sweepInTurn } from '../src/inTurn.ts';
import { TENANT_SHARD } from '../src/model/sweep.ts';
import { createPace, paced } from '../src/pace.ts';
import { planSweep, shardsOf } from '../src/plan.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { ingestion } from '../src/publish/ingestion.ts';
import { rewriteTo } from '../src/rewrite.ts';
import { partOf, partsFrom } from '../src/shard.ts';
import { folderStore } from '../src/state/folder.ts';
import { readPlan } from '../src/state/plans.ts';
import { runSweep, type SweepContext } from '../src/sweep.ts';
import { recorder } from './again.ts';
import { type Done, HOUR_MS, type SweeperOrder, type SweeperPlace } from './messages.ts';

/** As many messages at once as a handful of instances of the function would take. */
const MESSAGES_AT_ONCE = 16;

type Step = (order: SweeperOrder) => Promise<Pick<Done, 'sweepId' | 'row' | 'requests'>>;

/** Does steps of sweeps of one tenant. */
function sweeper({ server, folder, clock }: SweeperPlace): Step {
  process.env.IDENTITY_ENDPOINT = `${server.url}/msi/token`;
  process.env.IDENTITY_HEADER = 'bench';
  const credential = new ManagedIdentityCredential();
  const toServer = rewriteTo(server.url);
  const record = recorder(toServer);
  let hours = 0;
  const now = (): number => performance.now() * clock + hours * HOUR_MS;
  const pace = createPace({ now, sleep: (ms) => sleep(ms / clock), share: 1 });
  const store = folderStore(folder);
  return async (order) => {
    hours = order.hours;
    const started = now();
    const begins = Date.parse(server.sweptAt) + hours * HOUR_MS;
    const context = (deadline?: Deadline): SweepContext => {
      const azure = connect({ credential, httpClient: record.client, pace, ...(deadline && { deadline }) });
      const send = ingestion(azure, server);
      return { azure, store, send, environment: 'bench', clock: () => new Date(begins + now() - started) };
    };
    const sweep = async (isWanted: (shard: string) => boolean): Promise<void> => {
      const plan = await readPlan(store, order.sweepId);
      const first = shardsOf(plan).filter((shard) => isWanted(shard) && (partOf(shard)?.part ?? 1) === 1);
      await pLimit(MESSAGES_AT_ONCE).map(first, async (shard) => {
        for (let waiting = partsFrom(shard); waiting.length > 0; ) {
          const deadline = deadlineIn(READ_FOR_MS, now);
          waiting = await sweepInTurn(waiting, {
            delivery: 1,
            isTime: () => isEarly(deadline),
            // What it found is let go, as the function does.
            sweep: async (part) => void (await runSweep(context(deadline), plan, part)),
          });
        }
      });
    };
    switch (order.does) {
      case 'plan': {
        const request = { policy: DEFAULT_POLICY, sweptAt: new Date(begins).toISOString(), tenantId: server.tenantId };
        return { sweepId: (await planSweep(context().azure, store, request)).sweepId };
      }
      case 'subscriptions':
        await sweep((shard) => shard !== TENANT_SHARD);
        return {};
      case 'tenant':
        await sweep((shard) => shard === TENANT_SHARD);
        return {};
      case 'close': {
        const { closed } = await closeSweeps(context(), order.sweepId);
        return { row: closed.find(({ sweepId }) => sweepId === order.sweepId)?.row ?? {} };
      }
      case 'record':
        record.begin();
        return {};
      case 'again':
        return { requests: await record.again(paced(toServer, pace)) };
    }
  };
}

function used(): Done {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, peakMiB: process.resourceUsage().maxRSS / 1024 };
}

let step: Step | undefined;
process.on('message', async (told: SweeperPlace | SweeperOrder) => {
  if ('server' in told) step = sweeper(told);
  process.send?.({ ...('does' in told && (await step?.(told))), ...used() });
});
process.on('disconnect', () => process.exit());
