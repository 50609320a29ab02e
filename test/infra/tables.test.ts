import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTables, streamsOf } from '../../infra/streams.ts';
import { infra, list, moduleTemplate, object } from './template.ts';

const tables = await readTables(join(infra, 'tables'));

// Azure keeps these names for itself: a table with one of them is refused, or the column is lost.
const reserved = ['Type', 'Title', 'id', 'TenantId', 'UniqueId', '_ResourceId', '_SubscriptionId'];

test('the tables are those of the product', () => {
  expect(tables.map((table) => table.name)).toEqual([
    'AcrWardenChanges_CL',
    'AcrWardenCredentials_CL',
    'AcrWardenFindings_CL',
    'AcrWardenIncidents_CL',
    'AcrWardenProbes_CL',
    'AcrWardenRegistries_CL',
    'AcrWardenSweeps_CL',
  ]);
});

test.each(tables)('$name begins with the common columns, has no reserved name and none twice', ({ columns }) => {
  const names = columns.map((column) => column.name);
  expect(columns.slice(0, 4).map(({ name, type }) => `${name}: ${type}`)).toEqual([
    'TimeGenerated: dateTime',
    'SweptAt: dateTime',
    'SweepId: string',
    'Environment: string',
  ]);
  expect(names.filter((name) => reserved.includes(name))).toEqual([]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test.each(tables)('$name: a column of the same name has the same type in every table', ({ columns }) => {
  const types = new Map(tables.flatMap((table) => table.columns).map(({ name, type }) => [name, type]));
  expect(columns.filter(({ name, type }) => types.get(name) !== type)).toEqual([]);
});

test('the compiled rule holds a stream per table, spelled datetime where a table says dateTime', () => {
  const template = moduleTemplate('ingestion');
  const variables = object(template.variables, 'variables');
  const rule = object(object(template.resources, 'resources').rule, 'rule');
  const properties = object(rule.properties, 'rule.properties');
  const expected = streamsOf(tables);
  expect(properties.streamDeclarations).toBe("[variables('$fxv#0')]");
  expect(variables['$fxv#0']).toEqual(expected.streamDeclarations);
  expect(properties.dataFlows).toBe("[variables('$fxv#1')]");
  expect(variables['$fxv#1']).toEqual(expected.dataFlows);
  expect(rule.kind).toBe('Direct');
  expect(JSON.stringify(template)).not.toContain('dateTime');
  expect(expected.streamDeclarations['Custom-AcrWardenProbes_CL']?.columns).toContainEqual({
    name: 'SweptAt',
    type: 'datetime',
  });
});

test('the compiled tables are the files', () => {
  const variables = object(moduleTemplate('tables').variables, 'variables');
  const compiled = list(variables.tables, 'tables').map((value) => variables[String(value).slice(12, -3)]);
  expect(compiled).toEqual(tables);
});

test('the tables are on the plan that carries alert rules, and keep rows as long as they are told', () => {
  const made = object(object(moduleTemplate('tables').resources, 'resources').customTables, 'customTables');
  expect(made.properties).toEqual({
    plan: 'Analytics',
    retentionInDays: "[parameters('retentionDays')]",
    totalRetentionInDays: "[parameters('totalRetentionDays')]",
    schema: expect.anything(),
  });
});

const column = { name: 'TimeGenerated', type: 'dateTime', description: 'When.' };

test.each<{ what: string; table: object; message: RegExp }>([
  { what: 'a DCR spelling', table: { columns: [{ ...column, type: 'datetime' }] }, message: /columns.*type/s },
  { what: 'a type that the rule does not know', table: { columns: [{ ...column, type: 'guid' }] }, message: /type/ },
  { what: 'a column without a description', table: { columns: [{ ...column, description: '' }] }, message: /descri/ },
  {
    what: 'a name longer than Azure takes',
    table: { columns: [{ ...column, name: 'A'.repeat(46) }] },
    message: /name/,
  },
  { what: 'a name that is no custom table', table: { name: 'Findings', columns: [column] }, message: /name/ },
  { what: 'an unknown key', table: { columns: [column], plan: 'Basic' }, message: /plan/ },
])('a table file with $what is refused, naming the file', async ({ table, message }) => {
  const folder = await mkdtemp(join(tmpdir(), 'tables-'));
  try {
    const file = join(folder, 'T_CL.json');
    await writeFile(file, JSON.stringify({ name: 'T_CL', description: 'A table.', ...table }));
    await expect(readTables(folder)).rejects.toThrow(message);
    await expect(readTables(folder)).rejects.toThrow(`${file} is not a table`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
