import { TENANT_SHARD } from '../../../src/model/sweep.ts';
import { shardsOf } from '../../../src/plan.ts';
import { SUB } from '../../build.ts';
import { type Cell, merged, type Outcome, played } from '../cell.ts';
import { changingEstate, labEstate, TIMELINE } from '../estate.ts';
import { createLab, type Lab, type Task, type Wrapping } from '../lab.ts';
import { killedAt, recorded, type Step, type StepKind } from '../steps.ts';

const READING: StepKind[] = ['read'];
const STATE: StepKind[] = ['load', 'list', 'save', 'remove'];
const SENDING: StepKind[] = ['send'];

/** Before the message comes again, the world has moved on: what the first attempt has said may not hold any more. */
const CHANGING = changingEstate('2026-11-24T07:00:30Z');
const CHANGED = changingEstate('2026-11-24T06:59:30Z');
const STILL = labEstate(TIMELINE);

/** The steps that a process takes when nobody kills it. */
async function stepsOf(task: Task, drive: (lab: Lab) => Promise<void>): Promise<Step[]> {
  const lab = await createLab({ estate: STILL });
  await lab.hour(0);
  const steps: Step[] = [];
  let started = false;
  lab.wrapping = (one) => {
    if (one !== task || started) return {};
    started = true;
    return recorded(steps);
  };
  await drive(lab);
  return steps;
}

function killing(task: Task, n: number, when: 'before' | 'after'): (task: Task) => Wrapping {
  let killed = false;
  return (one) => {
    if (one !== task || killed) return {};
    killed = true;
    return killedAt(n, when);
  };
}

/** Each message comes once, whatever becomes of it. */
async function onlyOnce(lab: Lab): Promise<void> {
  const plan = await lab.plan(1);
  for (const shard of plan ? shardsOf(plan) : []) await lab.deliver(plan?.sweepId ?? '', shard);
  await lab.close(1);
}

interface Killing {
  drive?(lab: Lab): Promise<void>;
  /** which of the steps; absent: each in turn */
  only?(steps: Step[]): Step | undefined;
}

/** Kills a process at each of its steps of these kinds in turn, each time from the start. */
async function atEach(
  task: Task,
  kinds: StepKind[],
  when: 'before' | 'after',
  { drive, only }: Killing,
): Promise<Outcome> {
  const steps = await stepsOf(task, (lab) => lab.hour(1));
  const outcomes: Outcome[] = [];
  for (const [n, step] of steps.entries()) {
    if (!kinds.includes(step.kind) || (only && only(steps) !== step)) continue;
    const world = kinds === READING ? { estate: STILL } : { estate: CHANGING, later: CHANGED };
    outcomes.push(await played({ ...world, wrapping: killing(task, n, when), ...(drive && { drive }) }));
  }
  if (outcomes.length === 0) throw new Error(`${task} takes no step of the kinds ${kinds.join(', ')}`);
  return merged(outcomes);
}

function cell(name: string, task: Task, kinds: StepKind[], when: 'before' | 'after', how: Killing = {}): Cell {
  return { area: 'The process is killed', name, run: () => atEach(task, kinds, when, how) };
}

/** What is collected is complete; nothing is checked yet. */
const lastRead = { only: (steps: Step[]) => steps.findLast(({ kind }) => kind === 'read') };
/** All is checked and compared, and nobody knows of it yet. */
const ownState = { only: (steps: Step[]) => steps.find(({ kind, of }) => kind === 'save' && of.startsWith('shards/')) };

export const KILLED: Cell[] = [
  cell('a subscription, before each request to Azure', SUB, READING, 'before'),
  cell('the tenant, before each request to Azure', TENANT_SHARD, READING, 'before'),
  cell('a subscription, after its last request and before its checks', SUB, READING, 'after', lastRead),
  cell('the tenant, after its last request and before its checks', TENANT_SHARD, READING, 'after', lastRead),
  cell('a subscription, after its checks and before it saves', SUB, STATE, 'before', ownState),
  cell('the tenant, after its checks and before it saves', TENANT_SHARD, STATE, 'before', ownState),
  cell('a subscription, before each batch of rows', SUB, SENDING, 'before'),
  cell('a subscription, after each batch of rows', SUB, SENDING, 'after'),
  cell('the tenant, before each batch of rows', TENANT_SHARD, SENDING, 'before'),
  cell('the tenant, after each batch of rows', TENANT_SHARD, SENDING, 'after'),
  cell('a subscription, before each touch of the state', SUB, STATE, 'before'),
  cell('a subscription, after each touch of the state', SUB, STATE, 'after'),
  cell('the tenant, before each touch of the state', TENANT_SHARD, STATE, 'before'),
  cell('the tenant, after each touch of the state', TENANT_SHARD, STATE, 'after'),
  cell('a subscription, before each batch of rows, for good', SUB, SENDING, 'before', { drive: onlyOnce }),
  cell('the tenant, after each touch of the state, for good', TENANT_SHARD, STATE, 'after', { drive: onlyOnce }),
  cell('the plan, before each step', 'plan', [...READING, ...STATE], 'before'),
  cell('the plan, after each touch of the state', 'plan', STATE, 'after'),
  cell('the closing, before each step', 'close', [...SENDING, ...STATE], 'before'),
  cell('the closing, after each step', 'close', [...SENDING, ...STATE], 'after'),
];
