import type { SweepFigures } from '../../bench/figures.ts';
import type { Measured } from '../../bench/measure.ts';
import type { Run } from '../../bench/scale.ts';

export function figures(change: Partial<SweepFigures> = {}): SweepFigures {
  return {
    sweep: 'steady',
    wallSeconds: 2,
    cpuSeconds: 1,
    busiestCpuSeconds: 1,
    peakMiB: 200,
    registries: 1000,
    readInFull: 1000,
    gaps: 0,
    requests: 1500,
    armRequests: 1300,
    busiestBucket: 65,
    resourceGraphQueries: 1,
    graphUnits: 30,
    keyCredentialsRequests: 2,
    longestList: 1,
    throttled: 0,
    tables: { AcrWardenFindings_CL: { rows: 100, bytes: 200_000 }, AcrWardenSweeps_CL: { rows: 2, bytes: 1000 } },
    simulatorCpuSeconds: 0.5,
    ...change,
  };
}

export function measured(change: Partial<Measured> = {}): Measured {
  return {
    registries: 1000,
    subscriptions: 20,
    latencyMs: 40,
    clock: 1,
    sweeps: 2,
    faults: '',
    memory: '2048',
    ...change,
  };
}

/** A first sweep and a steady one of so many registries. */
export function run(registries: number, change: Partial<Measured> = {}): Run {
  const first = { rows: registries * 10, bytes: registries * 10_000 };
  return {
    measured: measured({ registries, ...change }),
    sweeps: [
      figures({
        sweep: 'first',
        registries,
        cpuSeconds: registries / 200,
        busiestCpuSeconds: registries / 200,
        tables: { AcrWardenFindings_CL: first },
      }),
      figures({
        registries,
        cpuSeconds: registries / 1000,
        busiestCpuSeconds: registries / 1000,
        armRequests: registries * 1.25,
      }),
    ],
  };
}
