import { shardsOf, sweepIdOf } from '../../../src/plan.ts';
import { SPOOL_LIMITS } from '../../../src/publish/bound.ts';
import type { Send } from '../../../src/publish/ingestion.ts';
import { TABLES } from '../../../src/publish/rows.ts';
import { keep, readSpooled, spooled } from '../../../src/state/spool.ts';
import { type Cell, type Fault, played } from '../cell.ts';
import { at, type Lab, type Row, type Wrapping } from '../lab.ts';

const AREA = 'The spool';
const DAY_HOURS = 24;

function driven(name: string, fault: Fault): Cell {
  return { area: AREA, name, run: () => played(fault) };
}

/** Only the rows of sweeps are taken, so that one sees what they tell. */
const refusing: Wrapping = {
  send:
    (inner: Send): Send =>
    async (batch) =>
      batch.table === TABLES.sweeps ? inner(batch) : { reason: '503: busy', final: false },
};

/** What has arrived in a table waits as well, as if a sweep so many hours ago had said it. */
async function waits(lab: Lab, table: string, hoursAgo: number, change: Row = {}): Promise<void> {
  const time = at(-hoursAgo);
  const sweep = { TimeGenerated: time, SweptAt: time, SweepId: sweepIdOf(time) };
  const rows = (lab.simulator.workspace.tables[table] ?? []).map((row) => ({ ...row, ...sweep, ...change }));
  await keep(lab.store, sweepIdOf(time), table, 0, { version: 1, table, rows, reason: '503' });
}

async function overAge(lab: Lab): Promise<void> {
  await waits(lab, TABLES.findings, 8 * DAY_HOURS, { Status: 'resolved' });
  await lab.hour(1);
}

/** Room for no more than the rows of findings. */
async function overSize(lab: Lab): Promise<void> {
  for (let hour = 1; hour <= DAY_HOURS; hour++) await waits(lab, TABLES.credentials, hour);
  const plan = await lab.plan(1);
  if (plan) for (const shard of shardsOf(plan)) await lab.work(plan.sweepId, shard);
  const bytes = Math.ceil((await bytesOfFindings(lab)) * 1.25);
  lab.wrapping = () => ({ ...refusing, spoolLimits: { ...SPOOL_LIMITS, bytes } });
  await lab.close(1);
}

async function bytesOfFindings(lab: Lab): Promise<number> {
  let bytes = 0;
  for (const name of await spooled(lab.store)) {
    const entry = (await readSpooled(lab.store, name))?.entry;
    if (entry?.table === TABLES.findings) bytes += Buffer.byteLength(JSON.stringify(entry));
  }
  return bytes;
}

/** Everything that is open was resolved once, and open again; some of it has been mended since. */
async function oldRows(lab: Lab): Promise<void> {
  await waits(lab, TABLES.findings, 3 * DAY_HOURS);
  await waits(lab, TABLES.findings, 2 * DAY_HOURS, { Status: 'resolved' });
  await waits(lab, TABLES.findings, 1);
  await lab.hour(1);
}

export const SPOOL: Cell[] = [
  driven('refused for more than seven days', { wrapping: () => refusing, drive: overAge }),
  driven('refused, and more waits than may', { wrapping: () => refusing, drive: overSize }),
  driven('rows of days ago are delivered at last', { drive: oldRows }),
];
