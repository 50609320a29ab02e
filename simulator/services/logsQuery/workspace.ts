import {
  fromJson,
  type KqlColumn,
  type KqlDatabase,
  type KqlSchema,
  type KqlTable,
  type KqlType,
  type Row,
} from '../../kql/index.ts';
import { readStreams } from '../../streams.ts';
import type { World } from '../../world.ts';
import schemas from './tables.json' with { type: 'json' };

/** The one workspace of the simulator: what deployment outputs tell the auditor. */
export const SIMULATED_WORKSPACE = {
  id: '5a1e0000-0000-4000-a000-000000000002',
  resourceId:
    '/subscriptions/5a1e0000-0000-4000-a000-000000000001/resourceGroups/rg-acr-warden/providers/Microsoft.OperationalInsights/workspaces/law-acr-warden',
};

/** Columns that every table has besides its own ("Standard columns in Azure Monitor Logs"). */
const STANDARD: KqlColumn[] = [
  { name: 'TenantId', type: 'string' },
  { name: 'SourceSystem', type: 'string' },
  { name: 'Type', type: 'string' },
  { name: '_ResourceId', type: 'string' },
  { name: '_SubscriptionId', type: 'string' },
];

const TYPES: Record<string, KqlType> = {
  string: 'string',
  int: 'int',
  long: 'long',
  real: 'real',
  boolean: 'bool',
  datetime: 'datetime',
  dynamic: 'dynamic',
};

/** A row is converted once: tables grow to hundreds of thousands of rows, and every query sees them all. */
const converted = new WeakMap<World, WeakMap<object, Row>>();
const columnsOf = new WeakMap<World, Map<string, KqlColumn[]>>();

/**
 * The tables of the workspace, with the rows that had arrived by then: those of the data collection rule, and the
 * estate's own logs.
 */
export function workspaceDatabase(world: World, at = world.now()): KqlDatabase {
  const schema = columnsOf.get(world) ?? readColumns(world);
  columnsOf.set(world, schema);
  const names = new Set([...schema.keys(), ...Object.keys(world.estate.logs)]);
  const tables = [...names].map((name): [string, () => KqlTable] => [name, () => tableOf(name, schema, world, at)]);
  return { tables: Object.fromEntries(tables) };
}

/** The columns of every table. */
export function workspaceSchema(world: World): KqlSchema {
  const { tables } = workspaceDatabase(world);
  const columns = Object.entries(tables).map(([name, table]): [string, KqlColumn[]] => [
    name,
    (typeof table === 'function' ? table() : table).columns,
  ]);
  return { tables: Object.fromEntries(columns) };
}

function readColumns(world: World): Map<string, KqlColumn[]> {
  const schema = new Map<string, KqlColumn[]>();
  for (const { table, columns } of readStreams(world.options.template).values()) {
    const own = [...columns.values()].map(({ name, type }) => ({ name, type: TYPES[type] ?? 'dynamic' }));
    schema.set(table, withStandard(own));
  }
  for (const [name, columns] of Object.entries(schemas)) {
    const own = Object.entries(columns).map(([column, type]) => ({ name: column, type: TYPES[type] ?? 'string' }));
    schema.set(name, withStandard(own));
  }
  return schema;
}

function withStandard(own: KqlColumn[]): KqlColumn[] {
  return [...own, ...STANDARD.filter((standard) => !own.some(({ name }) => name === standard.name))];
}

function tableOf(name: string, schema: ReadonlyMap<string, KqlColumn[]>, world: World, at: Date): KqlTable {
  const { tables, receivedAt } = world.workspace;
  const logged = world.estate.logs[name]?.filter((row) => !(Date.parse(String(row.TimeGenerated)) > at.getTime()));
  const arrived = (tables[name] ?? []).filter((row) => (receivedAt.get(row) ?? at) <= at);
  const wired = [...(logged ?? []), ...arrived];
  // From all of the estate's rows, those to come too: a table does not change its columns as time passes.
  const columns = schema.get(name) ?? inferred(world.estate.logs[name] ?? []);
  const known = converted.get(world) ?? new WeakMap<object, Row>();
  converted.set(world, known);
  const rows = wired.map((row) => {
    const made = known.get(row) ?? cellsOf(row, name, columns);
    known.set(row, made);
    return made;
  });
  return { columns, rows };
}

function cellsOf(row: Record<string, unknown>, table: string, columns: readonly KqlColumn[]): Row {
  const filled: Record<string, unknown> = { TenantId: SIMULATED_WORKSPACE.id, Type: table, ...row };
  return columns.map(({ name, type }) => fromJson(filled[name], type));
}

/** The columns of a table that nobody describes: what its rows hold. */
function inferred(rows: readonly Record<string, unknown>[]): KqlColumn[] {
  const columns = new Map<string, KqlColumn>([['TimeGenerated', { name: 'TimeGenerated', type: 'datetime' }]]);
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) {
      if (value !== null && !columns.has(name)) columns.set(name, { name, type: typeOf(value) });
    }
  return withStandard([...columns.values()]);
}

function typeOf(value: unknown): KqlType {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  return 'dynamic';
}
