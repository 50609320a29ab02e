import type { ShardName } from '../../../src/model/sweep.ts';
import { shardsOf } from '../../../src/plan.ts';
import { type Cell, type Fault, merged, type Outcome, played } from '../cell.ts';
import { changingEstate } from '../estate.ts';
import type { Lab, Task, Wrapping } from '../lab.ts';
import { killedAt, recorded, type Step } from '../steps.ts';

/** Before a message comes again, the world has moved on. */
const CHANGING = changingEstate('2026-11-24T07:00:30Z');
const CHANGED = changingEstate('2026-11-24T06:59:30Z');

/** From now on at most one registry is read by one shard: the subscription of two is cut. */
function cut(lab: Lab): void {
  lab.mostRegistries = 1;
}

function isPart(shard: ShardName): boolean {
  return shard.includes('~');
}

function driven(name: string, drive: (lab: Lab) => Promise<void>, fault: Partial<Fault> = {}): Cell {
  return { area: 'A subscription in parts', name, run: () => played({ ...fault, drive }) };
}

async function planned(lab: Lab): Promise<{ sweepId: string; shards: ShardName[] }> {
  const plan = await lab.plan(1);
  if (!plan?.subscriptions.some(({ parts = 1 }) => parts > 1)) throw new Error('nothing was cut');
  return { sweepId: plan.sweepId, shards: shardsOf(plan) };
}

async function work(lab: Lab, sweepId: string, shards: ShardName[]): Promise<void> {
  for (const shard of shards) await lab.work(sweepId, shard);
}

/** Kills the last part, which has what is left of the registries, at each of its steps in turn. */
async function killedEverywhere(when: 'before' | 'after'): Promise<Outcome> {
  const steps: Step[] = [];
  const drive = async (lab: Lab): Promise<void> => {
    cut(lab);
    await lab.hour(1);
  };
  const once = (wrapping: () => Wrapping): ((task: Task) => Wrapping) => {
    let started = false;
    return (task) => {
      if (started || !/~(\d+)of\1$/.test(task)) return {};
      started = true;
      return wrapping();
    };
  };
  await played({ drive, wrapping: once(() => recorded(steps)) });
  if (steps.length === 0) throw new Error('nothing was cut');
  const outcomes: Outcome[] = [];
  for (const n of steps.keys()) {
    const wrapping = once(() => killedAt(n, when));
    outcomes.push(await played({ drive, estate: CHANGING, later: CHANGED, wrapping }));
  }
  return merged(outcomes);
}

export const PARTS: Cell[] = [
  driven('it is cut', async (lab) => {
    cut(lab);
    await lab.hour(1);
  }),
  ...(['before', 'after'] as const).map(
    (when): Cell => ({
      area: 'A subscription in parts',
      name: `it is cut, and a part is killed ${when} each of its steps`,
      run: () => killedEverywhere(when),
    }),
  ),
  driven('it is cut, and one part goes to the poison queue', async (lab) => {
    cut(lab);
    const { sweepId, shards } = await planned(lab);
    await work(lab, sweepId, shards.slice(0, -1));
    await lab.close(1);
  }),
  driven('it is cut, one part goes to the poison queue, and it is made whole again', async (lab) => {
    cut(lab);
    const { sweepId, shards } = await planned(lab);
    await work(lab, sweepId, shards.slice(0, -1));
    await lab.close(1);
    lab.mostRegistries = undefined;
  }),
  driven('it is cut, and no part is ever swept', async (lab) => {
    cut(lab);
    const { sweepId, shards } = await planned(lab);
    await work(
      lab,
      sweepId,
      shards.filter((shard) => !isPart(shard)),
    );
    await lab.close(1);
  }),
  driven(
    'it is cut, and the message of the sweep before comes again, between the parts and after them',
    async (lab) => {
      const [before = ''] = (await lab.store.list('sweeps/')).flatMap((name) => name.split('/')[1] ?? []);
      cut(lab);
      const { sweepId, shards } = await planned(lab);
      const whole = shards.filter(isPart).flatMap((shard) => shard.split('~')[0] ?? [])[0] ?? '';
      for (const shard of shards) {
        await lab.work(before, whole);
        await lab.work(sweepId, shard);
      }
      await lab.work(before, whole);
      await lab.close(1);
    },
  ),
];
