import { type ShardName, TENANT_SHARD } from '../../../src/model/sweep.ts';
import { OTHER_SUB, SUB } from '../../build.ts';
import { type Cell, type Fault, played } from '../cell.ts';
import { LATE } from '../estate.ts';
import type { Lab } from '../lab.ts';

const ALL: ShardName[] = [TENANT_SHARD, SUB, OTHER_SUB];
const BUT_ONE: ShardName[] = [TENANT_SHARD, OTHER_SUB];

function driven(name: string, drive: (lab: Lab, sweepId: string) => Promise<void>, fault: Partial<Fault> = {}): Cell {
  const withPlan = async (lab: Lab): Promise<void> => drive(lab, await planned(lab, 1));
  return { area: 'Messages', name, run: () => played({ ...fault, drive: withPlan }) };
}

async function planned(lab: Lab, hour: number): Promise<string> {
  const plan = await lab.plan(hour);
  if (!plan) throw new Error(`there is no plan of hour ${hour}`);
  return plan.sweepId;
}

async function work(lab: Lab, sweepId: string, shards: ShardName[]): Promise<void> {
  for (const shard of shards) await lab.work(sweepId, shard);
}

/** The first sweep of the day is long over; its message comes once more. */
async function yesterday(lab: Lab): Promise<string> {
  const [first = ''] = (await lab.store.list('sweeps/')).filter((name) => name.endsWith('/plan.json'));
  return first.split('/')[1] ?? '';
}

export const MESSAGES: Cell[] = [
  driven('each comes twice, one after the other', async (lab, sweepId) => {
    await work(lab, sweepId, [...ALL, ...ALL]);
    await lab.close(1);
  }),
  driven('each comes twice at once, to two workers, as when the lease on it is lost', async (lab, sweepId) => {
    await Promise.all([...ALL, ...ALL].map((shard) => lab.work(sweepId, shard)));
    await lab.close(1);
  }),
  driven(
    'one comes late, after its sweep was closed',
    async (lab, sweepId) => {
      await work(lab, sweepId, BUT_ONE);
      await lab.close(1);
      await lab.work(sweepId, SUB);
    },
    { later: LATE },
  ),
  driven(
    'one comes out of order, after that of the next sweep',
    async (lab, sweepId) => {
      await work(lab, sweepId, BUT_ONE);
      await lab.close(1);
      await lab.work(await planned(lab, 2), SUB);
      await lab.work(sweepId, SUB);
    },
    { isLong: true },
  ),
  driven('one of the sweep before comes again', async (lab, sweepId) => {
    await work(lab, sweepId, ALL);
    await work(lab, await yesterday(lab), ALL);
    await lab.close(1);
  }),
  driven('one goes to the poison queue', async (lab, sweepId) => {
    await work(lab, sweepId, BUT_ONE);
    lab.wrapping = () => ({ http: crashing });
    await lab.work(sweepId, SUB);
    lab.wrapping = () => ({});
    await lab.close(1);
  }),
  driven('none ever comes', (lab) => lab.close(1)),
  {
    area: 'Messages',
    name: 'one comes whose plan nobody knows',
    run: () => played({ drive: (lab) => lab.work('20200101T000000Z', SUB) }),
  },
];

/** A worker that breaks down whenever it reads: out of memory, say. */
function crashing(): { sendRequest(): Promise<never> } {
  return {
    async sendRequest() {
      throw Object.assign(new Error('the worker broke down'), { name: 'AuthenticationError' });
    },
  };
}
