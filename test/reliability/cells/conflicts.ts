import type { Plan } from '../../../src/model/sweep.ts';
import { shardsOf } from '../../../src/plan.ts';
import type { Store } from '../../../src/state/store.ts';
import { SUB } from '../../build.ts';
import { type Cell, type Fault, played } from '../cell.ts';
import type { Lab } from '../lab.ts';
import { contended } from './state.ts';

function contest(name: string, fault: Fault): Cell {
  return { area: 'The state', name, run: () => played(fault) };
}

/** Nothing that is there can be written or removed, as src/state/container.ts says it. */
function held(inner: Store): Store {
  const refused = async (name: string): Promise<void> => {
    if (!(await inner.read(name))) return;
    const cause = new Error('There is currently a lease on the blob and no lease ID was specified in the request.');
    throw new Error(`cannot write blob ${name}`, { cause });
  };
  return {
    ...inner,
    async write(name, text, expected) {
      await refused(name);
      return inner.write(name, text, expected);
    },
    async remove(name) {
      await refused(name);
      return inner.remove(name);
    },
  };
}

/** The rows of the sweep wait in the spool; when it is closed, Log Analytics takes rows again. */
async function spooledHour(lab: Lab, close: () => Promise<unknown>): Promise<void> {
  lab.simulator.faults.add({ match: { service: 'ingestion' }, effect: { kind: 'status', status: 500 } });
  await worked(lab);
  lab.simulator.faults.clear();
  await close();
}

/** The sweep of the hour, but for its closing. */
async function worked(lab: Lab): Promise<Plan> {
  const plan = await lab.plan(1);
  if (!plan) throw new Error('there is no plan of the first hour');
  for (const shard of shardsOf(plan)) await lab.work(plan.sweepId, shard);
  return plan;
}

/** Only what a sweep finds meets a faster writer. */
function replaced(inner: Store): Store {
  const { write } = contended(inner);
  return {
    ...inner,
    write: (name, text, expected) => (name.startsWith('shards/') ? write : inner.write)(name, text, expected),
  };
}

/** Two workers that do what one should, or somebody else who holds what they need. */
export const CONFLICTS: Cell[] = [
  contest('lease lost: two timers plan the same sweep, and all of it is done twice at once', {
    drive: async (lab) => {
      await Promise.all([lab.hour(1), lab.hour(1)]);
    },
  }),
  contest('lease lost: two timers close the same sweep at once, and send the same spool', {
    drive: (lab) => spooledHour(lab, () => Promise.all([lab.close(1), lab.close(1)])),
  }),
  contest('blob conflict: another has claimed each batch of the spool meanwhile', {
    wrapping: (task) => (task === 'close' ? { store: contended } : {}),
    drive: (lab) => spooledHour(lab, () => lab.close(1)),
  }),
  contest('blob conflict: the last sweep of a subscription, which it wants to replace, was replaced meanwhile', {
    wrapping: (task) => (task === SUB ? { store: replaced } : {}),
  }),
  contest('blob conflict: the report of a shard is overwritten by a slower worker', {
    drive: async (lab) => {
      const { sweepId } = await worked(lab);
      const name = `sweeps/${sweepId}/reports/${SUB}.json`;
      const report: object = JSON.parse((await lab.store.read(name))?.text ?? '');
      await lab.store.write(name, JSON.stringify({ ...report, rowsPublished: 0, requests: 0 }));
      await lab.close(1);
    },
  }),
  contest('blob conflict: the note of what was published is overwritten by a slower worker', {
    drive: async (lab) => {
      const name = `published/${SUB}.json`;
      const older = (await lab.store.read(name))?.text ?? '';
      await lab.hour(1);
      await lab.store.write(name, older);
    },
  }),
  contest('a lease of somebody else on every blob that is there', { wrapping: () => ({ store: held }) }),
];
