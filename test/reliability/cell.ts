import type { EstateFile } from '../../simulator/estate.ts';
import type { FaultRule } from '../../simulator/index.ts';
import { sweepIdOf } from '../../src/plan.ts';
import type { Store } from '../../src/state/store.ts';
import { OTHER_SUB, SUB } from '../build.ts';
import { at, createLab, type Lab, type Row, type Snapshot, type Task, type Wrapping } from './lab.ts';
import { type Damage, damage, findingRows, unsaid } from './truth.ts';

/** One fault, and what became of a sweep under it. */
export interface Cell {
  area: string;
  /** what happens, in words: the name of its test */
  name: string;
  run(): Promise<Outcome>;
  /** why what was mended meanwhile looks open for longer than the fault lasts; absent: it does not */
  remains?: string;
}

export interface Outcome {
  /** when the sweep under the fault was closed */
  during: Damage;
  /** when the next sweep, without the fault, was closed */
  after: Damage;
  /** what the rows of the sweep under the fault say, and the log where there can be no row */
  sees: string[];
}

export interface Fault {
  rules?: FaultRule[];
  wrapping?(task: Task): Wrapping;
  /** instead of a sweep as it should be */
  drive?(lab: Lab): Promise<void>;
  estate?: EstateFile;
  /** the same world changed a little earlier: what a sweep that is repeated may see */
  later?: EstateFile;
  /** how far the clock is off, milliseconds */
  skewMs?: number;
  /** the sweep of the second hour begins under the fault already */
  isLong?: boolean;
  /** where the state is kept, if not in memory */
  store?: Store;
}

/** A sweep without any fault, a sweep under the fault, and one when it is over, beside a tenant that knows no faults. */
export async function played(fault: Fault): Promise<Outcome> {
  const [, first, , faultless] = await faultlessRun(fault.estate);
  const { estate, store } = fault;
  const lab = await createLab({ ...(estate && { estate }), ...(first && { from: first }), ...(store && { store }) });
  lab.wait(at(1));
  lab.simulator.faults.add(...(fault.rules ?? []));
  lab.wrapping = fault.wrapping ?? (() => ({}));
  await (fault.drive ? fault.drive(lab) : lab.hour(1));
  const rows = await findingRows(lab);
  const { skewMs = 0 } = fault;
  const later = fault.later ? await faultlessRun(fault.later) : [];
  const truths = [faultless, later.at(-1)].filter((one) => one !== undefined).map(({ tables }) => tables);
  const during = damage(rows, truths, { sweepId: sweepIdOf(at(fault.isLong ? 2 : 1)), isOver: false, skewMs });
  during.lost.push(...(await unsaid(lab)));
  const sees = await seen(lab);
  lab.simulator.faults.clear();
  lab.wrapping = () => ({});
  await lab.hour(2);
  const last = await findingRows(lab);
  const after = damage(last, truths, { sweepId: sweepIdOf(at(2)), isOver: true, skewMs });
  after.lost.push(...(await unsaid(lab)));
  return { during, after, sees };
}

const runs = new Map<EstateFile | undefined, Promise<Snapshot[]>>();

/** The same tenant in a world without faults: as it was before, and after each of three sweeps. */
function faultlessRun(estate: EstateFile | undefined): Promise<Snapshot[]> {
  const known = runs.get(estate) ?? faultlessly(estate);
  runs.set(estate, known);
  return known;
}

async function faultlessly(estate: EstateFile | undefined): Promise<Snapshot[]> {
  const lab = await createLab(estate && { estate });
  const snapshots = [await lab.snapshot()];
  for (const n of [0, 1, 2]) {
    await lab.hour(n);
    snapshots.push(await lab.snapshot());
  }
  if (lab.errors.length > 0) throw new Error(`the run without faults failed: ${lab.errors[0]}`);
  return snapshots;
}

const NAMES: Record<string, string> = { [SUB]: 'Prod', [OTHER_SUB]: 'Dev' };

/** What a person finds about the sweep of the first hour, in short lines without numbers that mean nothing. */
async function seen(lab: Lab): Promise<string[]> {
  const { tables } = lab.simulator.workspace;
  // A clock may be a little off.
  const isOfThis = ({ SweepId }: Row): boolean =>
    String(SweepId) > sweepIdOf(at(0)) && String(SweepId) < sweepIdOf(at(2));
  const sweeps = (tables.AcrWardenSweeps_CL ?? []).filter(isOfThis);
  const lines = sweeps.filter((row) => row.Outcome !== 'complete').map(lineOf);
  if (!sweeps.some((row) => row.RowKind === 'closed')) lines.push('no closed row');
  const unreadable = (tables.AcrWardenFindings_CL ?? []).filter(
    (row) => isOfThis(row) && row.CheckId === 'unreadable-scope',
  );
  if (unreadable.length > 0) lines.push(`findings unreadable-scope: ${codesOf(unreadable.map((row) => row.Evidence))}`);
  if (sweeps.some((row) => Number(row.RowsUndelivered) > 0)) lines.push('a row counts rows that are undelivered');
  if (sweeps.some((row) => Number(row.RowsDropped) > 0)) lines.push('a row counts rows that were dropped');
  const waiting = await lab.store.list('spool/');
  if (waiting.length > 0) lines.push('rows wait in the spool');
  const aside = await lab.store.list('refused/');
  if (aside.length > 0) lines.push('rows are set aside');
  lines.push(...lab.errors.map((error) => `log: ${named(error)}`));
  return unique(lines);
}

function lineOf({ RowKind, Shard, Outcome, Gaps }: Row): string {
  const codes = Array.isArray(Gaps) ? codesOf(Gaps) : '';
  return `${RowKind === 'closed' ? 'closed row' : `row of shard ${named(String(Shard))}`}: ${Outcome} (${codes})`;
}

function codesOf(all: unknown[]): string {
  const codes = all.map((one) => (typeof one === 'object' && one !== null && 'code' in one ? String(one.code) : ''));
  return unique(codes).join(', ');
}

/** Nobody knows subscriptions by their ids. */
function named(text: string): string {
  return Object.entries(NAMES).reduce((named, [id, name]) => named.replaceAll(id, name), text);
}

/** The outcomes of the same fault at several places, as one. */
export function merged(outcomes: Outcome[]): Outcome {
  const of = (damages: Damage[]): Damage => ({
    lost: unique(damages.flatMap(({ lost }) => lost)),
    falselyResolved: unique(damages.flatMap(({ falselyResolved }) => falselyResolved)),
    stuck: unique(damages.flatMap(({ stuck }) => stuck)),
  });
  return {
    during: of(outcomes.map(({ during }) => during)),
    after: of(outcomes.map(({ after }) => after)),
    // Why, differs from place to place.
    sees: unique(
      outcomes.flatMap(({ sees }) => sees.map((line) => line.replace(/ \(.*\)$|(?<=unreadable-scope): .*$/, ''))),
    ),
  };
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)].sort();
}
