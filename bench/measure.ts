import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLED } from '../build.ts';
import type { Conditions } from './bound.ts';
import type { Received, SweepFigures, Swept } from './figures.ts';
import { heapArguments, type InstanceSize } from './instance.ts';
import type { ServerPlace, SweeperOrder } from './messages.ts';

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
  const sweeper = start(script, [], heapArguments(memory));
  try {
    const place: ServerPlace = await answerOf(server);
    const order: SweeperOrder = { server: place, folder: join(folder, 'state'), clock };
    const figures: SweepFigures[] = [];
    for (let number = 0; number < sweeps; number++) {
      sweeper.child.send(order);
      const swept: Swept = await answerOf(sweeper);
      server.child.send('what has arrived');
      const received: Received = await answerOf(server);
      figures.push({ ...swept, ...received });
    }
    return figures;
  } finally {
    for (const { child } of [sweeper, server]) child.kill('SIGKILL');
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
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
