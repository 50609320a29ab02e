import type { Column, Stream } from '../../streams.ts';

const DAY_MS = 86_400_000;
const MOST_FIELD_BYTES = 65_536;

/**
 * The row as it lands in the table. Azure says nothing about what it drops, cuts or nulls; `report` does: each is a
 * defect of the sender.
 */
export function arrivedRow(
  row: Record<string, unknown>,
  stream: Stream,
  now: Date,
  report: (message: string) => void,
): Record<string, unknown> {
  const arrived: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    const column = stream.columns.get(name);
    if (column === undefined) {
      report(`${stream.name}: column '${name}' is not declared; Azure drops it`);
      continue;
    }
    arrived[name] = fitted(value, column, (problem) => report(`${stream.name}: column '${name}' ${problem}`));
  }
  arrived.TimeGenerated = timeGenerated(arrived.TimeGenerated, now);
  return arrived;
}

/** Missing, older than 2 days or more than a day ahead: the time of receipt. */
function timeGenerated(stated: unknown, now: Date): string {
  const at = typeof stated === 'string' ? Date.parse(stated) : Number.NaN;
  const isNear = at >= now.getTime() - 2 * DAY_MS && at <= now.getTime() + DAY_MS;
  return typeof stated === 'string' && isNear ? stated : now.toISOString();
}

function fitted(value: unknown, column: Column, report: (problem: string) => void): unknown {
  if (value === null) return null;
  if (!fits(value, column.type)) {
    report(`is ${column.type}, and ${JSON.stringify(value)?.slice(0, 60)} is not; Azure stores null`);
    return null;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const bytes = Buffer.from(text);
  if (bytes.length <= MOST_FIELD_BYTES) return value;
  report(`has ${bytes.length} bytes; Azure cuts it at ${MOST_FIELD_BYTES}`);
  return bytes
    .subarray(0, MOST_FIELD_BYTES)
    .toString()
    .replace(/\uFFFD$/, '');
}

function fits(value: unknown, type: string): boolean {
  if (type === 'dynamic') return true;
  if (type === 'string') return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'datetime')
    return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value));
  if (typeof value !== 'number') return false;
  if (type === 'int') return Number.isInteger(value) && Math.abs(value) <= 2_147_483_647;
  return type === 'long' ? Number.isSafeInteger(value) : true;
}
