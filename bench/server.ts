/**
 * A simulated tenant of any size as a process of its own, so that its work is not counted as the auditor's.
 * Arguments: registries, subscriptions, latency in milliseconds. Prints its address as a line of JSON.
 */
import { createSimulator, generateEstate, listen } from '../simulator/index.ts';

const [registries = 100, subscriptions = 10, latencyMs = 0] = process.argv.slice(2).map(Number);
const estate = generateEstate({ registries, subscriptions });
const simulator = createSimulator({ estate, latencyMs });
const { url } = await listen(simulator);
process.stdout.write(`${JSON.stringify({ url, tenantId: estate.tenantId, now: estate.now })}\n`);
// Its log and its rows would grow for as long as it runs, and nobody reads them here.
setInterval(() => {
  simulator.requests.length = 0;
  for (const rows of Object.values(simulator.workspace.tables)) rows.length = 0;
}, 1000).unref();
process.on('disconnect', () => process.exit());
