import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLED } from '../build.ts';
import type { Conditions } from './bound.ts';
import { type Received, type SweepFigures, type Swept, sum } from './figures.ts';
import { heapArguments, type InstanceSize } from './instance.ts';
import type { Done, ServerPlace, SweeperOrder, SweeperPlace } from './messages.ts';

/** The tenant that is swept, and how often. */
export interface Measured extends Conditions {
  registries: number;
  subscriptions: number;
  /** the first, then steady ones, an hour apart by the clock of the quotas */
  sweeps: number;
  /** in the simulator's words; empty: none */
  faults: string;
  /** of the instance that sweeps, MB */
  memory: InstanceSize;
}

/** Sweeps a tenant of its own in fresh processes. Throws when one of them ends before its time. */
export async function measure(measured: Measured): Promise<SweepFigures[]> {
  const { registries, subscriptions, latencyMs, clock, sweeps, faults, memory } = measured;
  const folder = await mkdtemp(join(tmpdir(), 'acr-warden-bench-'));
  const script = await bundledSweeper(folder);
  const numbers = [registries, subscriptions, latencyMs / clock, clock].map(String);
  const server = start(join(import.meta.dirname, 'server.ts'), [...numbers, faults], []);
  // Functions scale on instances of their own: whoever sweeps the tenant sweeps nothing else.
  const sweepers = [start(script, [], heapArguments(memory)), start(script, [], heapArguments(memory))] as const;
  try {
    const place: ServerPlace = await answerOf(server);
    const sweep = await sweeping(sweepers, { server: place, folder: join(folder, 'state'), clock });
    const figures: SweepFigures[] = [];
    for (let number = 0; number < sweeps; number++) {
      const swept = await sweep(number);
      server.child.send('what has arrived');
      const received: Received = await answerOf(server);
      figures.push({ ...swept, ...received });
    }
    return figures;
  } finally {
    for (const { child } of [...sweepers, server]) child.kill('SIGKILL');
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
}

/** Sweeps number 0, 1, 2 … of one tenant: one process sweeps its subscriptions, plans and closes, the other sweeps the tenant. */
async function sweeping(
  sweepers: readonly [subscriptions: Started, tenant: Started],
  place: SweeperPlace,
): Promise<(number: number) => Promise<Swept>> {
  const [subscriptions, tenant] = sweepers;
  let before = await Promise.all(sweepers.map((one) => told(one, place)));
  return async (hours) => {
    const started = performance.now();
    const { sweepId = '' } = await told(subscriptions, { does: 'plan', hours, sweepId: '' });
    const [, last] = await Promise.all([
      told(subscriptions, { does: 'subscriptions', hours, sweepId }),
      told(tenant, { does: 'tenant', hours, sweepId }),
    ]);
    const closed = await told(subscriptions, { does: 'close', hours, sweepId });
    const wallSeconds = ((performance.now() - started) / 1000) * place.clock;
    const cpu = [closed, last].map(({ cpuSeconds }, index) => cpuSeconds - (before[index]?.cpuSeconds ?? 0));
    before = [closed, last];
    return {
      sweep: hours === 0 ? 'first' : 'steady',
      wallSeconds,
      cpuSeconds: sum(cpu),
      busiestCpuSeconds: Math.max(...cpu),
      peakMiB: Math.max(closed.peakMiB, last.peakMiB),
      registries: Number(closed.row?.RegistriesSeen),
      readInFull: Number(closed.row?.RegistriesRead),
      gaps: Number(closed.row?.GapCount),
    };
  };
}

function told(sweeper: Started, order: SweeperPlace | SweeperOrder): Promise<Done> {
  sweeper.child.send(order);
  return answerOf(sweeper);
}

/** The sweeper bundled as the functions are; returns its path. */
async function bundledSweeper(folder: string): Promise<string> {
  await build({ ...BUNDLED, entryPoints: [join(import.meta.dirname, 'sweeper.ts')], outdir: folder });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  return join(folder, 'bench', 'sweeper.js');
}

interface Started {
  script: string;
  child: ChildProcess;
  /** what it has complained of so far */
  said(): string;
}

/** A process of Node without settings of ours: the deployed app has none. */
function start(script: string, args: string[], execArgv: string[]): Started {
  const child = fork(script, args, {
    execArgv,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += String(chunk);
  });
  return { script, child, said: () => said };
}

/** The next message of a process of ours, which is what its own code says it is. */
async function answerOf<T>({ script, child, said }: Started): Promise<T> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    // Its last words have arrived when it is closed, not when it ends.
    const ended = once(child, 'close', { signal }).then(([code]) => {
      throw new Error(`${script} ended with ${code} before it answered: ${said()}`);
    });
    const [answer] = await Promise.race([once(child, 'message', { signal }), ended]);
    return answer;
  } finally {
    settled.abort();
  }
}
