import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPlain } from './mergePatch.ts';

export interface Column {
  name: string;
  /** string, int, long, real, boolean, datetime or dynamic. */
  type: string;
}

/** A stream of the data collection rule: what a row may hold, and the table it lands in. */
export interface Stream {
  name: string;
  table: string;
  columns: Map<string, Column>;
}

const INFRA = join(import.meta.dirname, '..', 'infra');

/**
 * The streams of every data collection rule in a compiled template, by name. Declarations that are ARM expressions
 * (a loop over the tables) come from `infra/tables/*.json`, the source the template was made from.
 * @param template parsed JSON; by default `infra/main.json`.
 */
export function readStreams(template: unknown): Map<string, Stream> {
  const streams = new Map<string, Stream>();
  const main = join(INFRA, 'main.json');
  const parsed: unknown = template ?? (existsSync(main) ? JSON.parse(readFileSync(main, 'utf8')) : undefined);
  const rules = rulesIn(parsed);
  for (const rule of rules) {
    const declared = rule.streamDeclarations;
    const stated = isPlain(declared) ? Object.entries(declared).flatMap(([name, one]) => literal(name, one)) : [];
    for (const stream of stated.length > 0 ? stated : tableStreams()) {
      streams.set(stream.name, { ...stream, table: tableOf(stream, rule.dataFlows) });
    }
  }
  if (rules.length === 0) for (const stream of tableStreams()) streams.set(stream.name, stream);
  if (streams.size === 0) {
    throw new Error(
      'no streams: the template has no Microsoft.Insights/dataCollectionRules and infra/tables has no table; compile infra/main.bicep or pass template',
    );
  }
  return streams;
}

/** Rules anywhere in the template, nested deployments too, with `[variables('…')]` put in: Bicep keeps loaded JSON there. */
function rulesIn(value: unknown, variables: Record<string, unknown> = {}): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap((one) => rulesIn(one, variables));
  if (!isPlain(value)) return [];
  if (typeof value.type === 'string' && value.type.toLowerCase() === 'microsoft.insights/datacollectionrules') {
    if (value.existing === true || !isPlain(value.properties)) return [];
    const resolved = Object.entries(value.properties).map(([key, one]) => [key, variableOf(one, variables)]);
    return [Object.fromEntries(resolved)];
  }
  const inner = isPlain(value.variables) ? value.variables : variables;
  return Object.values(value).flatMap((one) => rulesIn(one, inner));
}

function variableOf(value: unknown, variables: Record<string, unknown>): unknown {
  const name = typeof value === 'string' ? /^\[variables\('([^']+)'\)\]$/.exec(value)?.[1] : undefined;
  return name === undefined ? value : variables[name];
}

function literal(name: string, declaration: unknown): Stream[] {
  const columns = isPlain(declaration) ? declaration.columns : undefined;
  return Array.isArray(columns) && !name.startsWith('[') ? [streamOf(name, columns)] : [];
}

function streamOf(name: string, columns: unknown[]): Stream {
  const known = columns.flatMap((column): [string, Column][] => {
    if (!isPlain(column)) return [];
    // Tables spell it dateTime, streams datetime; a guid column travels as a string.
    const type = String(column.type).toLowerCase();
    return [[String(column.name), { name: String(column.name), type: type === 'guid' ? 'string' : type }]];
  });
  return { name, table: name.replace(/^Custom-/, ''), columns: new Map(known) };
}

function tableStreams(): Stream[] {
  const folder = join(INFRA, 'tables');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted();
  return files.flatMap((file) => {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return (Array.isArray(parsed) ? parsed : [parsed]).flatMap((table: unknown) =>
      isPlain(table) && Array.isArray(table.columns) ? [streamOf(`Custom-${String(table.name)}`, table.columns)] : [],
    );
  });
}

/** The flow's output stream names the table. Only `source` passes rows on unchanged, and the simulator runs no other. */
function tableOf(stream: Stream, flows: unknown): string {
  for (const flow of Array.isArray(flows) ? flows : []) {
    if (!isPlain(flow) || !Array.isArray(flow.streams) || !flow.streams.includes(stream.name)) continue;
    const { transformKql = 'source', outputStream = stream.name } = flow;
    if (transformKql !== 'source')
      throw new Error(
        `stream ${stream.name}: transformKql is '${String(transformKql)}', and the simulator only knows 'source'`,
      );
    return String(outputStream).startsWith('[')
      ? stream.table
      : String(outputStream).replace(/^(Custom|Microsoft)-/, '');
  }
  return stream.table;
}
