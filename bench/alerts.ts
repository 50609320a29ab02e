import { execFileSync } from 'node:child_process';
import { createSimulator, deployedAlerts } from '../simulator/index.ts';
import { fromJson, type KqlColumn, type KqlDatabase, type KqlTable, type Row, runKql } from '../simulator/kql/index.ts';

/** How many rows of findings each run has: a day of hourly sweeps. */
const SIZES = [10_000, 100_000, 1_000_000];
const SWEEPS = 24;
const NOW = Date.UTC(2026, 2, 2, 23, 30);
const HOUR_MS = 3_600_000;
/** The time for a row may grow by so much from the smallest run to the largest. */
const MOST_GROWTH = 1.3;

interface Figures {
  rows: number;
  milliseconds: Record<string, number>;
  peakMB: number;
}

/** Every alert query over so many rows of findings: the best of three runs, in milliseconds. */
function measure(count: number): Figures {
  const database = databaseOf(count);
  const milliseconds: Record<string, number> = {};
  for (const { name, query } of deployedAlerts({ environmentName: 'prod' }).rules) {
    // The first run binds the text.
    const runs = Array.from({ length: 4 }, () => {
      const start = performance.now();
      runKql(query, { database, now: new Date(NOW) });
      return performance.now() - start;
    });
    milliseconds[name] = Math.min(...runs.slice(1));
  }
  return { rows: count, milliseconds, peakMB: Math.round(process.resourceUsage().maxRSS / 1024) };
}

function databaseOf(count: number): KqlDatabase {
  const { tables } = createSimulator({ estate: { tenantId: '11111111-0000-0000-0000-000000000000' } }).logs.schema();
  const columnsOf = (table: string): KqlColumn[] => [...(tables[table] ?? [])];
  const findings = columnsOf('AcrWardenFindings_CL');
  const rows: Row[] = [];
  const each = Math.ceil(count / SWEEPS);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const sweptAt = new Date(NOW - (SWEEPS - sweep) * HOUR_MS).toISOString();
    const common = { TimeGenerated: sweptAt, SweptAt: sweptAt, Environment: 'prod', Status: 'ongoing', Muted: false };
    for (let id = 0; id < each; id++) {
      const severity = id % 100 === 0 ? 'critical' : id % 10 === 0 ? 'high' : 'low';
      const row: Record<string, unknown> = { ...common, FindingId: `f${id}`, Category: 'access', Severity: severity };
      rows.push(findings.map(({ name, type }) => fromJson(row[name], type)));
    }
  }
  const empty = (table: string): [string, KqlTable] => [table, { columns: columnsOf(table), rows: [] }];
  return {
    tables: {
      ...Object.fromEntries(Object.keys(tables).map(empty)),
      AcrWardenFindings_CL: { columns: findings, rows },
    },
  };
}

function total({ milliseconds }: Figures): number {
  return Object.values(milliseconds).reduce((sum, value) => sum + value, 0);
}

function main(): void {
  const [asked] = process.argv.slice(2);
  if (asked !== undefined) {
    process.stdout.write(JSON.stringify(measure(Number(asked))));
    return;
  }
  // A process of its own for each size, so that each has its own peak.
  const all = SIZES.map(
    (size): Figures =>
      JSON.parse(execFileSync(process.execPath, [import.meta.filename, String(size)], { encoding: 'utf8' })),
  );
  for (const figures of all) {
    const slowest = Object.entries(figures.milliseconds).toSorted(([, a], [, b]) => b - a)[0];
    const whole = `${(total(figures) / 1000).toFixed(2)} s for all rules`;
    process.stdout.write(
      `${figures.rows} rows: ${whole}, the slowest ${slowest?.[0]} ${Math.round(slowest?.[1] ?? 0)} ms; ${figures.peakMB} MB\n`,
    );
  }
  const [small, , large] = all;
  if (small === undefined || large === undefined) return;
  const growth = total(large) / large.rows / (total(small) / small.rows);
  process.stdout.write(`a row takes ${growth.toFixed(2)} times as long in the largest run as in the smallest\n`);
  if (growth > MOST_GROWTH)
    throw new Error(`the time grows faster than the rows: ${growth.toFixed(2)} > ${MOST_GROWTH}`);
}

main();
