import { ConflictError, type Store } from '../../../src/state/store.ts';
import { OTHER_SUB, SUB } from '../../build.ts';
import { type Cell, type Fault, merged, played } from '../cell.ts';
import { at, type Lab } from '../lab.ts';
import { watched } from '../steps.ts';

const AREA = 'The state';

function driven(name: string, fault: Fault): Cell {
  return { area: AREA, name, run: () => played(fault) };
}

function failing(message: string): (inner: Store) => Store {
  const fail = (): Promise<never> => Promise.reject(new Error(message));
  const place = 'the container';
  return () => ({ place, read: fail, readLines: fail, write: fail, remove: fail, list: fail, measure: fail });
}

/** Each write of a document that must not have changed meets a faster writer. */
export function contended(inner: Store): Store {
  return {
    ...inner,
    async write(name, text, expected) {
      if (expected !== undefined) throw new ConflictError(`blob ${name} was written by another worker meanwhile`);
      return inner.write(name, text);
    },
  };
}

/** Of so many touches one fails, whatever it is. */
const TOUCHES = 5;

function flaky(offset: number): Fault {
  let touched = offset;
  const before = ({ kind }: { kind: string }): void => {
    if (kind !== 'read' && kind !== 'send' && ++touched % TOUCHES === 0) throw new Error('503: the server is busy');
  };
  return { wrapping: () => watched({ before }) };
}

async function damaged(lab: Lab, pattern: RegExp, text: string): Promise<void> {
  const name = (await lab.store.list('')).find((one) => pattern.test(one));
  if (!name) throw new Error(`nothing in the state is called ${pattern.source}`);
  const whole = (await lab.store.read(name))?.text ?? '';
  await lab.store.write(name, text);
  await lab.hour(1);
  // A person has it back from the container's soft delete, as the row advises.
  await lab.store.write(name, whole);
}

export const STATE: Cell[] = [
  driven('the container is missing', { wrapping: () => ({ store: failing('404: ContainerNotFound') }) }),
  driven('the container is missing for the shards only', {
    wrapping: (task) => (task === 'plan' || task === 'close' ? {} : { store: afterPlan('404: ContainerNotFound') }),
  }),
  driven('blob conflict: whatever a subscription read was written by another meanwhile', {
    wrapping: (task) => (task === SUB ? { store: contended } : {}),
  }),
  {
    area: AREA,
    name: 'one touch in five fails',
    run: async () => merged(await Promise.all(Array.from({ length: TOUCHES }, (_, offset) => played(flaky(offset))))),
  },
  driven('what is kept of a subscription is damaged', {
    drive: (lab) => damaged(lab, new RegExp(`^shards/${SUB}`), '{"ver'),
  }),
  driven('what is kept of a subscription is of a newer version', {
    drive: (lab) => damaged(lab, new RegExp(`^shards/${OTHER_SUB}`), '{"version":9}'),
  }),
  driven('an older plan is damaged', { drive: (lab) => planDamaged(lab) }),
  driven('a batch in the spool is damaged', { drive: (lab) => spoolDamaged(lab) }),
];

/** The plan can be read, and nothing else. */
function afterPlan(message: string): (inner: Store) => Store {
  return (inner) => ({
    ...failing(message)(inner),
    read: (name) => (name.endsWith('/plan.json') ? inner.read(name) : Promise.reject(new Error(message))),
  });
}

/** It was never closed, and cannot be. */
async function planDamaged(lab: Lab): Promise<void> {
  const name = 'sweeps/20261124T050000Z/plan.json';
  await lab.store.write(name, '{"ver');
  await lab.hour(1);
  await lab.store.remove(name);
}

async function spoolDamaged(lab: Lab): Promise<void> {
  const name = `spool/20261124T050000Z/${SUB}/00000.json`;
  await lab.store.write(name, '{"ver');
  await lab.hour(1);
  await lab.store.remove(name);
  lab.wait(at(1, 55));
}
