import type { SpoolEntry } from '../state/spool.ts';
import { type Row, TABLES } from './rows.ts';

/**
 * What it does to a reader when a row never arrives, from the least harm to the most.
 *
 * - `replaced`: nothing: a newer row about the same waits too.
 * - `restated`: what is known of a credential or a registry is older; it is written again within half a day.
 * - `event`: a change, a sweep or an incident is missing in the history.
 * - `ended`: a finding that is resolved or muted looks open, for two days at most: a false alarm.
 * - `begun`: a new finding is told of late.
 * - `ongoing`: a finding that was told of looks mended, and its alert resolves.
 */
export const HARMS = ['replaced', 'restated', 'event', 'ended', 'begun', 'ongoing'] as const;
export type Harm = (typeof HARMS)[number];

/** The columns by which a row of a table is about the same as another; an event is about itself. */
const KEYS: Record<string, string> = {
  [TABLES.findings]: 'FindingId',
  [TABLES.credentials]: 'CredentialId',
  [TABLES.registries]: 'RegistryId',
};

/** What a row is about, in words that another row about the same has too; undefined: it is an event. */
function subjectOf(table: string, row: Row): string | undefined {
  const column = KEYS[table];
  // Several environments may share a state, and alerts look at their own only.
  return column && `${table} ${String(row.Environment)} ${String(row[column])}`.toLowerCase();
}

/** What a spool says of each thing, and what of it must stay. */
export interface Knowledge {
  /** when the newest row about something was written, by what it is about */
  newest: Map<string, string>;
  /** about what another worker is sending a row: that one would be the newest if a newer one went */
  held: Set<string>;
}

/** Notes what the rows of a batch are about. */
export function learn({ newest, held }: Knowledge, { table, rows }: SpoolEntry, isClaimed: boolean): void {
  for (const row of rows) {
    const subject = subjectOf(table, row);
    if (subject === undefined) continue;
    if (isClaimed) held.add(subject);
    if (String(row.SweptAt) > (newest.get(subject) ?? '')) newest.set(subject, String(row.SweptAt));
  }
}

/** The harm of dropping a row from its spool; undefined: it must not be dropped. */
export function harmOf({ newest, held }: Knowledge, table: string, row: Row): Harm | undefined {
  const subject = subjectOf(table, row);
  if (subject === undefined) return 'event';
  if (String(row.SweptAt) < (newest.get(subject) ?? '')) return 'replaced';
  if (held.has(subject)) return undefined;
  if (table !== TABLES.findings) return 'restated';
  if (row.Status === 'resolved' || row.Muted === true) return 'ended';
  return row.Status === 'new' ? 'begun' : 'ongoing';
}
