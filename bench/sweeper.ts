/**
 * One sweep after another of a simulated tenant, as the deployed functions do it, in a process of its own whose memory
 * and processor time are the auditor's alone. Arguments: the server's line of JSON, a folder for the state, how many
 * sweeps. Prints a line of JSON for each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedIdentityCredential } from '@azure/identity';
import pLimit from 'p-limit';
import { SIMULATED_DCR } from '../simulator/index.ts';
import { connect } from '../src/azure.ts';
import { closeSweeps } from '../src/close.ts';
import { TENANT_SHARD } from '../src/model/sweep.ts';
import { createPace } from '../src/pace.ts';
import { planSweep, shardsOf } from '../src/plan.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import type { Send } from '../src/publish/ingestion.ts';
import { ingestion } from '../src/publish/ingestion.ts';
import { rewriteTo } from '../src/rewrite.ts';
import { folderStore } from '../src/state/folder.ts';
import { runSweep, type SweepContext } from '../src/sweep.ts';
import type { SweepFigures } from './figures.ts';

/** As many shards at once as a handful of instances of the function would sweep. */
const SHARDS_AT_ONCE = 16;
const HOUR_MS = 3_600_000;

const [serverLine = '{}', folder = '', sweeps = '2'] = process.argv.slice(2);
const { url, tenantId, now }: { url: string; tenantId: string; now: string } = JSON.parse(serverLine);
process.env.IDENTITY_ENDPOINT = `${url}/msi/token`;
process.env.IDENTITY_HEADER = 'bench';

const credential = new ManagedIdentityCredential();
const httpClient = rewriteTo(url);
const pace = createPace({ now: () => performance.now(), sleep, share: 1 });
const store = folderStore(folder);
let bytes = 0;
const context = (): SweepContext => {
  const azure = connect({ credential, httpClient, pace });
  const send = ingestion(azure, SIMULATED_DCR);
  const counted: Send = (batch) => {
    bytes += Buffer.byteLength(JSON.stringify(batch.rows));
    return send(batch);
  };
  return { azure, store, send: counted, environment: 'bench', clock: () => new Date() };
};

for (let number = 0; number < Number(sweeps); number++) {
  const sweptAt = new Date(Date.parse(now) + number * HOUR_MS).toISOString();
  const started = performance.now();
  const cpu = process.cpuUsage();
  bytes = 0;
  const plan = await planSweep(context().azure, store, { policy: DEFAULT_POLICY, sweptAt, tenantId });
  let most = 0;
  await pLimit(SHARDS_AT_ONCE).map(shardsOf(plan), async (shard) => {
    const result = await runSweep(context(), plan, shard);
    // The tenant's requests are spread over the quotas of all subscriptions.
    if (shard !== TENANT_SHARD) most = Math.max(most, result?.report.requests ?? 0);
  });
  const { closed } = await closeSweeps(context(), plan.sweepId);
  const { user, system } = process.cpuUsage(cpu);
  const row = closed[0]?.row ?? {};
  const figures: SweepFigures = {
    sweep: number === 0 ? 'first' : 'steady',
    wallSeconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    registries: Number(row.RegistriesRead),
    requests: Number(row.Requests),
    mostRequestsOfAShard: most,
    throttled: Number(row.Throttled),
    gaps: Number(row.GapCount),
    rows: Number(row.RowsPublished),
    megabytes: bytes / 1e6,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
