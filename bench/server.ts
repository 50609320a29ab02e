/**
 * A simulated tenant of any size as a process of its own, so that its work is not counted as the auditor's.
 * Arguments: registries, subscriptions, milliseconds of latency, how many times as fast as the wall's clock its quotas
 * are, faults or an empty text. Tells its parent where it is; asked, it tells what has arrived since, and an hour passes.
 */
import { createSimulator, generateEstate, listen, parseFaults, SIMULATED_DCR } from '../simulator/index.ts';
import { HOUR_MS, type ServerPlace } from './messages.ts';
import { createLedger } from './received.ts';
import { warm } from './warm.ts';

const [registries = 100, subscriptions = 10, latencyMs = 0, clock = 1] = process.argv.slice(2, 6).map(Number);
const faults = process.argv[6] ?? '';
const estate = generateEstate({ registries, subscriptions });
let hours = 0;
const simulator = createSimulator({
  estate,
  latencyMs,
  quotaNow: () => performance.now() * clock + hours * HOUR_MS,
  ...(faults && { faults: parseFaults(faults) }),
});
await warm(simulator, estate.subscriptions?.at(0)?.subscriptionId ?? '');
const ledger = createLedger();
const { url } = await listen({ ...simulator, handle: ledger.watch(simulator.handle) });
const start = simulator.now();
const place: ServerPlace = {
  url,
  tenantId: estate.tenantId,
  sweptAt: start.toISOString(),
  endpoint: SIMULATED_DCR.endpoint,
  ruleId: SIMULATED_DCR.ruleId,
};
process.send?.(place);

// Its log and its rows would grow for as long as it runs, and nobody reads them here.
setInterval(() => {
  simulator.requests.length = 0;
  for (const rows of Object.values(simulator.workspace.tables)) rows.length = 0;
}, 1000).unref();

process.on('message', () => {
  process.send?.(ledger.close());
  hours++;
  simulator.advanceTo(new Date(start.getTime() + hours * HOUR_MS).toISOString());
});
process.on('disconnect', () => process.exit());
