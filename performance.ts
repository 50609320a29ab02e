import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { COLD_RUNS, measureColdStart } from './bench/coldStart.ts';
import { benchCommand, subscriptionsOf } from './bench/flags.ts';
import { measure, measureFloor } from './bench/measure.ts';
import { performancePage } from './bench/page.ts';
import { measureScale, type Run } from './bench/scale.ts';

/** So many that the subscription is swept in parts, and quotas so fast that their minutes are seconds. */
const ALONE = { registries: 10_000, subscriptions: 1, clock: 10 };
/** Every token read in flight is refused again and again, though never as often as the SDKs try. */
const THROTTLED = { registries: 2000, faults: 'status=429 retry-after=2 service=arm path=/tokens times=300' };

/** Measures everything and writes it down, by the flags of the benchmark. */
await benchCommand(async ({ measured, prices }) => {
  const told = (what: string): void => console.error(`${new Date().toISOString()} ${what}`);
  const runOf = async (asked: Run['measured']): Promise<Run> => ({ measured: asked, sweeps: await measure(asked) });
  told('cold start');
  const cold = await measureColdStart(COLD_RUNS);
  told(`up to ${measured.registries} registries`);
  const scale = await measureScale(measured);
  told('its requests alone');
  const floor = await measureFloor(measured);
  told('all in one subscription');
  const alone = await runOf({ ...measured, ...ALONE, registries: Math.min(ALONE.registries, measured.registries) });
  told('throttled');
  const registries = Math.min(THROTTLED.registries, measured.registries);
  const throttled = await runOf({
    ...measured,
    ...THROTTLED,
    registries,
    subscriptions: subscriptionsOf(registries),
  });
  const machine = { cores: availableParallelism(), node: process.versions.node.split('.')[0] ?? '' };
  const page = performancePage({ machine, scale, floor, alone, throttled, cold, prices });
  writeFileSync(join(import.meta.dirname, 'docs', 'performance.md'), page);
  told('docs/performance.md');
}).parseAsync(['--scale', ...process.argv.slice(2)], { from: 'user' });
