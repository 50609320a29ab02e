import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTables, streamsOf, type TableFile } from '../../infra/streams.ts';
import { loadEstate, SIMULATED_DCR } from '../../simulator/index.ts';
import { closeSweeps } from '../../src/close.ts';
import { planSweep, shardsOf } from '../../src/plan.ts';
import { DEFAULT_POLICY } from '../../src/policy.ts';
import type { Batch } from '../../src/publish/batches.ts';
import { ingestion } from '../../src/publish/ingestion.ts';
import { type Row, TABLES } from '../../src/publish/rows.ts';
import { readSettings } from '../../src/settings.ts';
import { runSweep } from '../../src/sweep.ts';
import { contextOf, estateOf, simulated } from '../wire.ts';
import { infra } from './template.ts';

const tables = await readTables(join(infra, 'tables'));

/** Every row that a sweep of the estate with everything in it sends, as the program makes it. */
async function sentRows(): Promise<Map<string, Row[]>> {
  const sent = new Map<string, Row[]>();
  const both = simulated(loadEstate('guide'));
  const send = async ({ table, rows }: Batch) => {
    sent.set(table, [...(sent.get(table) ?? []), ...rows]);
    return undefined;
  };
  const context = contextOf(both, { send });
  const sweptAt = both.simulator.now().toISOString();
  const planned = await planSweep(both.azure, context.store, { policy: DEFAULT_POLICY, sweptAt });
  for (const shard of shardsOf(planned)) await runSweep(context, planned, shard);
  await closeSweeps(context, planned.sweepId);
  return sent;
}

const sent = await sentRows();

test.each(Object.values(TABLES))('the rows of %s have exactly the columns of its table', (name) => {
  const columns = tables.find((table) => table.name === name)?.columns.map((column) => column.name) ?? [];
  const rows = sent.get(name) ?? [];
  expect(rows.length).toBeGreaterThan(0);
  const shapes = new Set(rows.map((row) => Object.keys(row).toSorted().join(' ')));
  expect([...shapes]).toEqual([columns.toSorted().join(' ')]);
});

describe('a column is added', () => {
  const ADDED = { name: 'Added', type: 'dateTime', description: 'New.' } as const;
  const older: TableFile = {
    name: 'AcrWardenProbes_CL',
    description: 'A table.',
    columns: [
      { name: 'TimeGenerated', type: 'dateTime', description: 'When.' },
      { name: 'Step', type: 'string', description: 'What.' },
    ],
  };
  const newer: TableFile = { ...older, columns: [...older.columns, ADDED] };
  const AT = '2026-11-24T06:00:00.000Z';

  /** What arrives of a row when the stack has this table. */
  async function arrived(table: TableFile, row: Row) {
    const rule = { type: 'Microsoft.Insights/dataCollectionRules', properties: streamsOf([table]) };
    const { azure, simulator } = simulated(estateOf(), { template: { resources: [rule] } });
    const refused = await ingestion(azure, SIMULATED_DCR)({ table: table.name, rows: [row] });
    const { tables: rows } = simulator.workspace;
    return { refused, rows: rows[table.name], dropped: simulator.defects.length };
  }

  test('in one file, and stream and table have it, each in its own spelling', () => {
    expect(streamsOf([newer]).streamDeclarations['Custom-AcrWardenProbes_CL']?.columns.at(-1)).toEqual({
      name: 'Added',
      type: 'datetime',
    });
  });

  test('the program so far goes on: its rows are taken without the column', async () => {
    const row = { TimeGenerated: AT, Step: 'dns' };
    expect(await arrived(newer, row)).toEqual({ refused: undefined, rows: [row], dropped: 0 });
  });

  test('the new program before its stack would lose the column without a word: so the stack goes first', async () => {
    const { refused, rows, dropped } = await arrived(older, { TimeGenerated: AT, Step: 'dns', Added: AT });
    expect({ refused, dropped }).toEqual({ refused: undefined, dropped: 1 });
    expect(rows?.[0]).not.toHaveProperty('Added');
  });
});

describe('a setting is renamed', () => {
  const good = {
    ENVIRONMENT_NAME: 'dev',
    AZURE_TENANT_ID: '11111111-0000-0000-0000-000000000000',
    AZURE_CLIENT_ID: '22222222-0000-0000-0000-000000000000',
    DCR_ENDPOINT: SIMULATED_DCR.endpoint,
    DCR_RULE_ID: SIMULATED_DCR.ruleId,
    STATE_CONTAINER_URL: 'https://acrwdev.blob.core.windows.net/acr-warden',
    WORKSPACE_ID: '33333333-0000-0000-0000-000000000000',
    ALERT_RULES_SCOPE: '/subscriptions/44444444-0000-0000-0000-000000000000/resourceGroups/rg',
  };

  test('the older program leaves a name alone that it does not know', () => {
    expect(readSettings({ ...good, DCR_RULE: SIMULATED_DCR.ruleId })).toEqual(readSettings(good));
  });

  test('whoever misses a name says which, and what it should hold', () => {
    const { DCR_RULE_ID: _, ...renamed } = good;
    expect(() => readSettings({ ...renamed, DCR_RULE: SIMULATED_DCR.ruleId })).toThrow(
      'settings: DCR_RULE_ID is missing: the immutable id of the data collection rule, dcr-…',
    );
  });
});
