import { seeded } from '../../simulator/faults.ts';
import type { FaultRule } from '../../simulator/index.ts';
import { shardsOf, sweepIdOf } from '../../src/plan.ts';
import type { Send } from '../../src/publish/ingestion.ts';
import { at, createLab, type Lab, type Row, type Tables, type Task, type Wrapping } from './lab.ts';
import { type Draw, FAULTY, pick, type World } from './soakWorld.ts';
import { enoughFor, killedAt, watched } from './steps.ts';
import { anHourOn, damage, differences, findingRows } from './truth.ts';

/** As far back as alerts look. */
const SIGHT_MS = 48 * 3_600_000;
/** More registries than there are: no subscription is cut. */
const WHOLE = 100;
/** Beyond the last step of a process nobody is killed. */
const STEPS = 45;

interface Soaked {
  /** faults that were there, by kind: a soak without any proves nothing */
  faults: Record<string, number>;
  /** at the end: open in truth and not here, open here and not in truth, open in both with other facts */
  lost: string[];
  stuck: string[];
  different: string[];
  /** at any time */
  falselyResolved: string[];
}

/**
 * Sweeps one tenant twice, without faults and with faults that follow from the seed, and compares: two days of hourly
 * sweeps with faults, and then without, until the rows of the first hours are out of sight.
 */
export async function soak(seed: number, world: World): Promise<Soaked> {
  const { policy, from, cuts } = world;
  const estate = world.estate(seeded(seed));
  const hours = FAULTY + world.quiet;
  const faultless = await createLab({ estate, policy });
  for (let n = 0; n < hours; n++) await sweepAfresh(faultless, n);
  const lab = await createLab({ estate, policy });
  const faults: Record<string, number> = {};
  const late: { sweepId: string; shard: string }[] = [];
  const draw = seeded(seed + 1_000_000);
  const losing = losingRestatements(seeded(seed + 2_000_000), faults);
  const cutting = seeded(seed + 3_000_000);
  const hurrying = hurried(seeded(seed + 4_000_000), world.hurried, faults);
  for (let n = 0; n < hours; n++) {
    const isFaulty = n >= from && n < FAULTY;
    if (isFaulty && cutting() < cuts) lab.mostRegistries = pick(cutting, [1, 2, WHOLE]);
    // As in the run that it is compared with.
    if (n === FAULTY) lab.mostRegistries = WHOLE;
    const always = (task: Task, { send = (inner) => inner, ...fault }: Wrapping): Wrapping => ({
      ...fault,
      ...(isFaulty && hurrying(task)),
      send: (inner) => send(losing(inner)),
    });
    await faultyHour(lab, n, isFaulty ? draw : () => 1, faults, late, always);
  }
  return { faults, ...judged(await findingRows(lab), faultless.simulator.workspace.tables, hours) };
}

/** Reads everything: the truth remembers nothing. */
async function sweepAfresh(lab: Lab, n: number): Promise<void> {
  for (const name of await lab.store.list('seldom/')) await lab.store.remove(name);
  const plan = await lab.plan(n);
  if (plan) for (const shard of shardsOf(plan)) await lab.deliver(plan.sweepId, shard);
  if (lab.errors.length > 0) throw new Error(`the run without faults failed: ${lab.errors[0]}`);
}

/** An hour in which anything may go wrong, at the wire, in the state, to a process, or to a message. */
async function faultyHour(
  lab: Lab,
  n: number,
  draw: Draw,
  faults: Record<string, number>,
  late: { sweepId: string; shard: string }[],
  always: (task: Task, fault: Wrapping) => Wrapping,
): Promise<void> {
  const happens = (kind: string, probability: number): boolean => {
    if (draw() >= probability) return false;
    faults[kind] = (faults[kind] ?? 0) + 1;
    return true;
  };
  lab.wait(at(n));
  lab.simulator.faults.clear();
  if (happens('wire', 0.5)) lab.simulator.faults.add(wireFault(draw, n));
  if (happens('rows refused', 0.2)) lab.simulator.faults.add(rowFault(draw, n));
  lab.wrapping = (task) => always(task, processFault(draw, happens));
  for (const { sweepId, shard } of late.splice(0)) await lab.work(sweepId, shard);
  const plan = await lab.plan(n);
  for (const shard of plan ? shardsOf(plan) : []) {
    const message = { sweepId: plan?.sweepId ?? '', shard };
    if (happens('message lost', 0.05)) continue;
    if (happens('message late', 0.08)) late.push(message);
    else await lab.work(message.sweepId, shard);
    if (happens('message twice', 0.1)) await lab.work(message.sweepId, shard);
  }
  await lab.close(n);
}

const READ = /^(?!.*\.ingest\.)/;
const EFFECTS: FaultRule['effect'][] = [
  { kind: 'status', status: 403, code: 'AuthorizationFailed' },
  { kind: 'status', status: 404, code: 'ResourceNotFound' },
  { kind: 'status', status: 409, code: 'Conflict' },
  { kind: 'status', status: 429, retryAfter: '0' },
  { kind: 'status', status: 429, retryAfter: '3600' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503, retryAfter: '3600' },
  { kind: 'half' },
  { kind: 'broken' },
  { kind: 'reset' },
];

/** Some requests in a row, or some at random, or all. */
function wireFault(draw: Draw, n: number): FaultRule {
  const effect = pick(draw, EFFECTS);
  const nth = 1 + Math.floor(draw() * 40);
  const match = pick(draw, [{ nth, times: 1 + Math.floor(draw() * 6) }, { probability: draw(), seed: n }, {}]);
  return { match: { host: READ, ...match }, effect };
}

function rowFault(draw: Draw, n: number): FaultRule {
  // Rows that are refused for good are not sent again: that is a cell of the matrix.
  const effects = EFFECTS.filter((effect) => effect.kind !== 'half' && effect.kind !== 'broken');
  return { match: { service: 'ingestion', probability: draw(), seed: n }, effect: pick(draw, effects) };
}

function processFault(draw: Draw, happens: (kind: string, probability: number) => boolean): Wrapping {
  if (happens('killed', 0.12)) return killedAt(Math.floor(draw() * STEPS), draw() < 0.5 ? 'before' : 'after');
  if (!happens('state fails', 0.06)) return {};
  return watched({
    before({ kind }) {
      if (kind !== 'read' && kind !== 'send' && draw() < 0.2) throw new Error('503: the server is busy');
    },
  });
}

/** Now and then a shard has time for so many reads and no more. */
function hurried(draw: Draw, often: number, faults: Record<string, number>): (task: Task) => Wrapping {
  return (task) => {
    if (task === 'plan' || task === 'close' || draw() >= often) return {};
    faults['time too short'] = (faults['time too short'] ?? 0) + 1;
    return enoughFor(Math.floor(draw() * STEPS));
  };
}

/** Azure takes rows that say nothing new, and then they are gone: of one finding never more than two in a row. */
function losingRestatements(draw: Draw, faults: Record<string, number>): (inner: Send) => Send {
  const arrived = new Map<string, { content: string; lost: number }>();
  const isLost = (row: Row): boolean => {
    const known = arrived.get(String(row.FindingId));
    if (known?.content !== contentOf(row) || known.lost === 2 || draw() < 0.5) return false;
    known.lost++;
    faults['restatement lost'] = (faults['restatement lost'] ?? 0) + 1;
    return true;
  };
  return (inner) => async (batch) => {
    if (batch.table !== 'AcrWardenFindings_CL') return inner(batch);
    const rows = batch.rows.filter((row) => !isLost(row));
    const refused = await inner({ ...batch, rows });
    if (!refused) for (const row of rows) arrived.set(String(row.FindingId), { content: contentOf(row), lost: 0 });
    return refused;
  };
}

function contentOf(row: Row): string {
  return JSON.stringify({ ...row, TimeGenerated: '', SweptAt: '', SweepId: '' });
}

function judged(rows: Row[], faultless: Tables, hours: number): Omit<Soaked, 'faults'> {
  const end = { sweepId: sweepIdOf(at(hours)), isOver: true };
  const inSight = rows.filter(({ SweptAt }) => Date.parse(String(SweptAt)) > Date.parse(at(hours)) - SIGHT_MS);
  const { lost, stuck } = damage(inSight, [faultless], end);
  // A message that comes an hour late sees the world as it is then.
  const { falselyResolved } = damage(rows, [faultless, anHourOn(faultless)], end);
  return { lost, stuck, different: differences(inSight, faultless), falselyResolved };
}
