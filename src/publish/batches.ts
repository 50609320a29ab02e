import type { Row } from './rows.ts';

/** One request to the Logs Ingestion API. */
export interface Batch {
  table: string;
  rows: Row[];
}

/**
 * The service takes 1 MB (1,048,576 bytes), before compression, a call. The SDK cuts at 1,000,000 without counting the
 * separators; below this bound it never cuts, so one batch is one request whose fate is known (facts §1.3).
 */
export const BATCH_BYTES = 900_000;
/** The service cuts a longer field without a word: facts §4. */
export const FIELD_BYTES = 65_536;

/** Packs rows of one table into requests, counting brackets and commas; the order is kept. */
export function* batches(table: string, rows: Iterable<Row>): Generator<Batch> {
  let open: Row[] = [];
  let bytes = 2;
  for (const row of rows) {
    const { fitting, bytes: own } = withinLimits(row);
    const size = own + 1;
    if (open.length > 0 && bytes + size > BATCH_BYTES) {
      yield { table, rows: open };
      open = [];
      bytes = 2;
    }
    open.push(fitting);
    bytes += size;
  }
  if (open.length > 0) yield { table, rows: open };
}

/** Cuts fields that are too long for the service, so that one sees it; a row of many long fields is cut shorter still. */
function withinLimits(row: Row): { fitting: Row; bytes: number } {
  const bytes = bytesOf(row);
  // No field of it can be longer than all of it.
  if (bytes <= FIELD_BYTES) return { fitting: row, bytes };
  let allowed = FIELD_BYTES;
  let fitting = cutFields(row, allowed);
  while (bytesOf(fitting) + 3 > BATCH_BYTES) {
    allowed = Math.floor(allowed / 2);
    fitting = cutFields(row, allowed);
  }
  return { fitting, bytes: bytesOf(fitting) };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function cutFields(row: Row, allowed: number): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cutField(value, allowed)]));
}

function cutField(value: unknown, allowed: number): unknown {
  if (typeof value === 'string') return cutText(value, allowed);
  if (typeof value !== 'object' || value === null) return value;
  const bytes = bytesOf(value);
  if (bytes <= allowed) return value;
  if (!Array.isArray(value)) {
    // Its longest parts are cut; what is left still reads as the object that it was. One of too many parts is left out.
    const cut = `${bytes} bytes were too many for one field`;
    const share = Math.floor(allowed / (Object.keys(value).length + 1));
    const shorter = { ...cutFields({ ...value }, share), cut };
    return bytesOf(shorter) <= allowed ? shorter : { cut };
  }
  const kept: unknown[] = [];
  let room = allowed - 60;
  for (const item of value) {
    room -= bytesOf(item) + 1;
    if (room < 0) break;
    kept.push(item);
  }
  return [...kept, `… and ${value.length - kept.length} more, cut`];
}

function cutText(text: string, allowed: number): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= allowed) return text;
  const mark = ` … [cut: ${bytes} bytes]`;
  const head = Buffer.from(text).subarray(0, Math.max(0, allowed - Buffer.byteLength(mark)));
  // A character cut in half decodes to U+FFFD
  return `${head.toString('utf8').replace(/\uFFFD+$/, '')}${mark}`;
}
