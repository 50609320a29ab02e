import type { HttpClient } from '@azure/core-rest-pipeline';
import { createSimulator, type EstateFile, SIMULATED_DCR, type Simulator } from '../../simulator/index.ts';
import { type Connection, connect } from '../../src/azure.ts';
import { closeSweeps } from '../../src/close.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { Plan, ShardName } from '../../src/model/sweep.ts';
import { planSweep, shardsOf } from '../../src/plan.ts';
import type { SpoolLimits } from '../../src/publish/bound.ts';
import { ingestion, type Send } from '../../src/publish/ingestion.ts';
import { memoryStore } from '../../src/state/memory.ts';
import { readPlan } from '../../src/state/plans.ts';
import type { Store } from '../../src/state/store.ts';
import { runSweep, type SweepContext } from '../../src/sweep.ts';
import { NOW, TENANT } from '../build.ts';
import { LAB_POLICY, labEstate } from './estate.ts';

export type Row = Record<string, unknown>;
export type Tables = Record<string, Row[]>;
/** `plan`, `close`, or a shard's name: what a process was started for. */
export type Task = string;

/** What stands between one process of the auditor and the world. */
export interface Wrapping {
  http?(inner: HttpClient): HttpClient;
  store?(inner: Store): Store;
  send?(inner: Send): Send;
  connection?: Partial<Connection>;
  /** how far the clock of the machine is off, milliseconds */
  skewMs?: number;
  /** how long the process has been at work, milliseconds; absent: nothing takes it any time */
  spentMs?(): number;
  spoolLimits?: SpoolLimits;
}

/** The world after a sweep: what the auditor keeps, and what has arrived. */
export interface Snapshot {
  state: [name: string, text: string][];
  tables: Tables;
}

export interface LabOptions {
  estate?: EstateFile;
  /** begin where this one ended */
  from?: Snapshot;
  /** where the state is kept, if not in memory */
  store?: Store;
  policy?: Policy;
  /** the most registries that one shard reads, if not as many as usual */
  mostRegistries?: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** host.json: after so many failures a message goes to the poison queue */
const DELIVERIES = 5;
/** functions/closeSweep: well after the shards are done, and after the deadline of the sweep */
const CLOSINGS = [20, 50];

/** A tenant with an auditor in it, of which each message is worked on by a process of its own. */
export interface Lab {
  simulator: Simulator;
  store: Store;
  /** of the plans from now on: the most registries that one shard reads */
  mostRegistries: number | undefined;
  /** asked for each process that starts from now on */
  wrapping(task: Task): Wrapping;
  /** messages of processes that failed, as they said it, in order */
  errors: string[];
  context(task: Task): SweepContext;
  /** one sweep with everything around it: timer, messages with their repetitions, and the closing */
  hour(n: number): Promise<void>;
  plan(n: number): Promise<Plan | undefined>;
  /** one delivery of the message of a shard */
  deliver(sweepId: string, shard: ShardName): Promise<boolean>;
  /** deliveries until one succeeds, or the message is poisoned */
  work(sweepId: string, shard: ShardName): Promise<void>;
  close(n: number): Promise<void>;
  /** moves the simulated clock on, if it is not there yet */
  wait(until: string): void;
  snapshot(): Promise<Snapshot>;
}

/** The n-th hour after the first sweep, and minutes after it. */
export function at(hour: number, minutes = 0): string {
  return new Date(Date.parse(NOW) + hour * HOUR_MS + minutes * MINUTE_MS).toISOString();
}

export async function createLab({
  estate = labEstate(),
  from,
  store = memoryStore(),
  policy = LAB_POLICY,
  mostRegistries,
}: LabOptions = {}): Promise<Lab> {
  const simulator = createSimulator({ estate, throttling: false });
  for (const [name, text] of from?.state ?? []) await store.write(name, text);
  Object.assign(simulator.workspace.tables, structuredClone(from?.tables ?? {}));
  const errors: string[] = [];

  async function attempted<T>(task: Task, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      errors.push(`${task}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  const lab: Lab = {
    simulator,
    store,
    mostRegistries,
    wrapping: () => ({}),
    errors,
    context(task) {
      const { http, store: stored, send, connection, skewMs = 0, spentMs = () => 0, spoolLimits } = lab.wrapping(task);
      const { httpClient } = simulator;
      const azure = connect({
        credential: simulator.credential,
        httpClient: http ? http(httpClient) : httpClient,
        retryOptions: { maxRetries: 2, retryDelayInMs: 1, maxRetryDelayInMs: 2 },
        unnamedWaitSeconds: 0.002,
        ...connection,
      });
      const sending = ingestion(azure, SIMULATED_DCR);
      return {
        azure,
        store: stored ? stored(store) : store,
        send: send ? send(sending) : sending,
        environment: 'test',
        clock: () => new Date(simulator.now().getTime() + skewMs + spentMs()),
        ...(spoolLimits && { spoolLimits }),
      };
    },
    async hour(n) {
      const plan = await lab.plan(n);
      if (plan) for (const shard of shardsOf(plan)) await lab.work(plan.sweepId, shard);
      await lab.close(n);
    },
    async plan(n) {
      lab.wait(at(n));
      return attempted('plan', () => {
        const { azure, store: own, clock } = lab.context('plan');
        const most = lab.mostRegistries;
        const request = {
          policy,
          sweptAt: clock().toISOString(),
          tenantId: TENANT,
          ...(most && { mostRegistries: most }),
        };
        return planSweep(azure, own, { ...request, clock });
      });
    },
    async deliver(sweepId, shard) {
      const done = await attempted(shard, async () => {
        const context = lab.context(shard);
        await runSweep(context, await readPlan(context.store, sweepId), shard);
        return true;
      });
      return done ?? false;
    },
    async work(sweepId, shard) {
      for (let delivery = 1; delivery <= DELIVERIES; delivery++) {
        if (await lab.deliver(sweepId, shard)) return;
        // host.json: until then nobody else sees the message.
        lab.wait(new Date(simulator.now().getTime() + MINUTE_MS).toISOString());
      }
    },
    async close(n) {
      for (const minutes of CLOSINGS) {
        lab.wait(at(n, minutes));
        await attempted('close', () => closeSweeps(lab.context('close')));
      }
    },
    wait(until) {
      if (Date.parse(until) > simulator.now().getTime()) simulator.advanceTo(until);
    },
    async snapshot() {
      const state: Snapshot['state'] = [];
      for (const name of await store.list('')) state.push([name, (await store.read(name))?.text ?? '']);
      return { state, tables: structuredClone(simulator.workspace.tables) };
    },
  };
  return lab;
}
