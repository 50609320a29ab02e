import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLED } from '../build.ts';
import type { Recorder } from './again.ts';
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
export function measure(measured: Measured): Promise<SweepFigures[]> {
  return inTenant(measured, sweepAll);
}

/** What a steady sweep takes, and what is left where nothing is made of the answers: see {@link Recorder}. */
export interface Floor {
  registries: number;
  /** without those of the identity */
  requests: number;
  /** of the sweep */
  sweepCpuSeconds: number;
  /** of its requests alone */
  cpuSeconds: number;
}

/** After the sweeps that are asked for, the floor of one more. */
export function measureFloor(measured: Measured): Promise<Floor> {
  return inTenant(measured, async (tenant, sweeps) => {
    await sweepAll(tenant, sweeps);
    await tenant.both('record', sweeps);
    const { cpuSeconds: sweepCpuSeconds, registries } = await tenant.sweep(sweeps);
    const again = await tenant.both('again', sweeps);
    return {
      registries,
      requests: sum(again.map(({ requests = 0 }) => requests)),
      sweepCpuSeconds,
      cpuSeconds: sum(tenant.cpu(again)),
    };
  });
}

async function sweepAll({ sweep, arrived }: Tenant, sweeps: number): Promise<SweepFigures[]> {
  const figures: SweepFigures[] = [];
  for (let number = 0; number < sweeps; number++) figures.push({ ...(await sweep(number)), ...(await arrived()) });
  return figures;
}

/** A simulated tenant, and the processes that sweep it. */
interface Tenant {
  /** number 0, 1, 2 … */
  sweep(number: number): Promise<Swept>;
  /** what has arrived since it was last asked for; an hour passes */
  arrived(): Promise<Received>;
  /** tells both processes the same, so long after the first sweep */
  both(does: 'record' | 'again', hours: number): Promise<Done[]>;
  /** seconds of each process since the last call */
  cpu(done: Done[]): number[];
}

async function inTenant<T>(measured: Measured, work: (tenant: Tenant, sweeps: number) => Promise<T>): Promise<T> {
  const { registries, subscriptions, latencyMs, clock, sweeps, faults, memory } = measured;
  const folder = await mkdtemp(join(tmpdir(), 'acr-warden-bench-'));
  const script = await bundledSweeper(folder);
  const numbers = [registries, subscriptions, latencyMs / clock, clock].map(String);
  const server = start(join(import.meta.dirname, 'server.ts'), [...numbers, faults], []);
  // Functions scale on instances of their own: whoever sweeps the tenant sweeps nothing else.
  const sweepers = [start(script, [], heapArguments(memory)), start(script, [], heapArguments(memory))] as const;
  try {
    const place: ServerPlace = await answerOf(server);
    const tenant = await tenantOf(sweepers, { server: place, folder: join(folder, 'state'), clock });
    const arrived = (): Promise<Received> => {
      server.child.send('what has arrived');
      return answerOf(server);
    };
    return await work({ ...tenant, arrived }, sweeps);
  } finally {
    for (const { child } of [...sweepers, server]) child.kill('SIGKILL');
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
}

/** One process sweeps the subscriptions, plans and closes, the other sweeps the tenant. */
async function tenantOf(
  sweepers: readonly [subscriptions: Started, tenant: Started],
  place: SweeperPlace,
): Promise<Omit<Tenant, 'arrived'>> {
  const [subscriptions, tenant] = sweepers;
  let before = await Promise.all(sweepers.map((one) => told(one, place)));
  const cpu = (done: Done[]): number[] => {
    const seconds = done.map(({ cpuSeconds }, index) => cpuSeconds - (before[index]?.cpuSeconds ?? 0));
    before = done;
    return seconds;
  };
  return {
    cpu,
    both: (does, hours) => Promise.all(sweepers.map((one) => told(one, { does, hours, sweepId: '' }))),
    async sweep(hours) {
      const started = performance.now();
      const { sweepId = '' } = await told(subscriptions, { does: 'plan', hours, sweepId: '' });
      const [, last] = await Promise.all([
        told(subscriptions, { does: 'subscriptions', hours, sweepId }),
        told(tenant, { does: 'tenant', hours, sweepId }),
      ]);
      const closed = await told(subscriptions, { does: 'close', hours, sweepId });
      const wallSeconds = ((performance.now() - started) / 1000) * place.clock;
      const seconds = cpu([closed, last]);
      return {
        sweep: hours === 0 ? 'first' : 'steady',
        wallSeconds,
        cpuSeconds: sum(seconds),
        busiestCpuSeconds: Math.max(...seconds),
        peakMiB: Math.max(closed.peakMiB, last.peakMiB),
        registries: Number(closed.row?.RegistriesSeen),
        readInFull: Number(closed.row?.RegistriesRead),
        gaps: Number(closed.row?.GapCount),
      };
    },
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
