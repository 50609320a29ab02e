import type { ComparedFinding } from '../../src/model/finding.ts';
import { readReport } from '../../src/state/plans.ts';
import { loadState, sweptShards } from '../../src/state/shardState.ts';
import type { Lab, Row, Tables } from './lab.ts';

/** What went wrong, by the rows that a person would look at. All empty: nothing did. */
export interface Damage {
  /** open in the faultless run, and not here */
  lost: string[];
  /** said to be resolved while the faultless run has it open */
  falselyResolved: string[];
  /** open here long after the faultless run has it resolved */
  stuck: string[];
}

export interface When {
  /** the newest sweep that counts */
  sweepId: string;
  /** the fault is gone, and a sweep has come after it */
  isOver: boolean;
  /** how far the clock was off that the rows are stamped by */
  skewMs?: number;
}

/** A row of findings in a few words that a person can find again. */
function nameOf({ CheckId, RegistryName, Subject, SweepId }: Row): string {
  return `${[CheckId, RegistryName, Subject].filter(Boolean).join(' ')} in ${String(SweepId)}`;
}

/** All rows of findings that have arrived, or wait in the spool to arrive. */
export async function findingRows(lab: Lab): Promise<Row[]> {
  return [...(lab.simulator.workspace.tables.AcrWardenFindings_CL ?? []), ...(await keptRows(lab, 'spool/'))];
}

async function keptRows({ store }: Lab, prefix: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of await store.list(prefix)) {
    const entry: { table: string; rows: Row[] } = JSON.parse((await store.read(name))?.text ?? '');
    if (entry.table === 'AcrWardenFindings_CL') rows.push(...entry.rows);
  }
  return rows;
}

/** The state of each finding by its newest row, as the alert rules read it. */
function newest(rows: Row[]): Map<string, Row> {
  const states = new Map<string, Row>();
  for (const row of rows) {
    const id = String(row.FindingId);
    const known = states.get(id);
    if (!known || timeOf(row) > timeOf(known)) states.set(id, row);
  }
  return states;
}

/** By time, for not everybody writes a date the same way. */
function timeOf({ SweptAt }: Row): number {
  return Date.parse(String(SweptAt));
}

function isOpen({ Status }: Row): boolean {
  return Status !== 'resolved';
}

/** Findings that open by `rows`, but for those that only say what could not be read. */
function openOf(rows: Row[]): Row[] {
  return [...newest(rows).values()].filter((row) => isOpen(row) && row.CheckId !== 'unreadable-scope');
}

/**
 * Compares with the same tenant without faults, as it was or as it became while a sweep was repeated: either is true
 * then. A finding that is new while nobody can look may come later, so what counts as lost is what was open before and
 * is not seen as open now; when all is over, anything.
 */
export function damage(rows: Row[], faultless: Tables[], { sweepId, isOver, skewMs = 0 }: When): Damage {
  const all = faultless.map(({ AcrWardenFindings_CL: own = [] }) => own);
  const truths = all.map((own) => own.filter((row) => String(row.SweepId) <= sweepId));
  const open = new Set(openOf(rows).map((row) => row.FindingId));
  const [truly = [], ...others] = truths.map(openOf);
  const inAll = truly.filter(
    (row) => isOver || others.every((other) => other.some(({ FindingId }) => FindingId === row.FindingId)),
  );
  const expected = inAll.filter((row) => isOver || row.SweepId !== sweepId || row.Status !== 'new');
  const ended = rows.filter((row) => !isOpen(row) && !hasMoved(row, rows));
  const wrong = ended.filter((row) => all.every((truth) => isOpenAt(truth, row, skewMs)));
  return {
    lost: expected.filter((row) => !open.has(row.FindingId)).map(nameOf),
    falselyResolved: [...wrong, ...contradictions(rows)].map(nameOf),
    stuck: isOver
      ? openOf(rows)
          .filter((row) => !truly.some((one) => one.FindingId === row.FindingId))
          .map(nameOf)
      : [],
  };
}

/** Whether the faultless run has the finding of a row open at the time of that row, which a wrong clock may have stamped. */
function isOpenAt(truth: Row[], row: Row, skewMs: number): boolean {
  const until = timeOf(row) - (truth.some(({ SweepId }) => SweepId === row.SweepId) ? 0 : skewMs);
  return openOf(truth.filter((one) => one.FindingId === row.FindingId && timeOf(one) <= until)).length > 0;
}

/**
 * Another check has it now, from expired to expiring after a renewal: nobody calls that mended. A message that is late
 * judges the world that it sees by the time of its plan, which is neither of the two that are compared with.
 */
function hasMoved({ SweepId, ResourceId, Subject, StatusReason }: Row, rows: Row[]): boolean {
  const isNext = (row: Row): boolean =>
    row.SweepId === SweepId && row.ResourceId === ResourceId && row.Subject === Subject && row.Status === 'new';
  return StatusReason === 'out-of-scope' && Subject !== '' && rows.some(isNext);
}

/** Resolved in one row and open in another of the same sweep: which of them is the newest is anybody's guess. */
function contradictions(rows: Row[]): Row[] {
  const key = ({ FindingId, SweepId }: Row): string => `${String(FindingId)} ${String(SweepId)}`;
  const open = new Set(rows.filter(isOpen).map(key));
  return rows.filter((row) => !isOpen(row) && open.has(key(row)));
}

/** However little there is to say of a finding, a row no older than this says it. */
const RESTATED_MS = 12 * 3_600_000;

/**
 * What a shard has reported and no row says: whoever reports has sent its rows, kept them in the spool or set them aside,
 * and of what goes on as it was a row was written not long ago.
 */
export async function unsaid(lab: Lab): Promise<string[]> {
  const { store } = lab;
  const rows = [...(await findingRows(lab)), ...(await keptRows(lab, 'refused/'))];
  const missing: string[] = [];
  for (const shard of await sweptShards(store)) {
    const { state } = await loadState(store, shard);
    if (!state || !(await readReport(store, state.sweepId, shard))) continue;
    const all = [...state.findings, ...(state.resolved ?? [])];
    const said = newest(rows.filter(({ SweepId }) => String(SweepId) <= state.sweepId));
    const isSaid = ({ findingId, status, severity }: ComparedFinding): boolean => {
      const row = said.get(findingId);
      if (status !== 'ongoing') return row?.SweepId === state.sweepId;
      const goesOn = row !== undefined && isOpen(row) && row.Severity === severity && row.Status !== 'unverified';
      return goesOn && Date.parse(state.sweptAt) - timeOf(row) <= RESTATED_MS;
    };
    const silent = all.filter((finding) => !isSaid(finding));
    missing.push(...silent.map(({ checkId, registryName }) => `${checkId} ${registryName} in ${state.sweepId}`));
  }
  return missing;
}

/** Open in both, and not alike: what is said of a finding at the end must be what is true at the end. */
export function differences(rows: Row[], { AcrWardenFindings_CL: truth = [] }: Tables): string[] {
  // What changes seldom is not read at the same time in both.
  const facts = ({ Severity, Evidence, Reason, ExpiresOn }: Row): string =>
    JSON.stringify([Severity, Evidence, String(Reason).replace(/ \(As read at .*\)$/, ''), ExpiresOn]);
  const open = new Map(openOf(rows).map((row) => [row.FindingId, row]));
  return openOf(truth)
    .filter((row) => {
      const here = open.get(row.FindingId);
      return here && facts(here) !== facts(row);
    })
    .map(nameOf);
}

const HOUR_MS = 3_600_000;

/** The same as if each sweep had been an hour earlier: what one sees that comes an hour late. */
export function anHourOn({ AcrWardenFindings_CL: rows = [] }: Tables): Tables {
  return {
    AcrWardenFindings_CL: rows.map((row) => ({ ...row, SweptAt: new Date(timeOf(row) - HOUR_MS).toISOString() })),
  };
}
