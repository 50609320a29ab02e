import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Column types as the table API spells them. */
const columnType = z.enum(['string', 'int', 'long', 'real', 'boolean', 'dateTime', 'dynamic']);

const tableFile = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9]*_CL$/),
  description: z.string().min(1),
  columns: z.array(
    z.strictObject({
      // Azure's rule for column names: a letter first, at most 45 letters, digits and underscores.
      name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,44}$/),
      type: columnType,
      description: z.string().min(1),
    }),
  ),
});

/** One custom table, as its file in `infra/tables` describes it. */
export type TableFile = z.infer<typeof tableFile>;

/** What the data collection rule needs to know of the tables. */
export type Streams = {
  streamDeclarations: Record<string, { columns: { name: string; type: string }[] }>;
  dataFlows: { streams: string[]; destinations: string[]; transformKql: string; outputStream: string }[];
};

/** Reads every table of a folder, by name. Throws, naming the file, for one that is not a table. */
export async function readTables(folder: string): Promise<TableFile[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const tables: TableFile[] = [];
  for (const file of files) {
    const path = join(folder, file);
    try {
      tables.push(tableFile.parse(JSON.parse(await readFile(path, 'utf8'))));
    } catch (cause) {
      throw new Error(`${path} is not a table: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
  return tables;
}

/**
 * The streams of the data collection rule, one per table. The rule spells `datetime` what a table spells `dateTime`;
 * Bicep accepts either in both places without a word, and Azure does not.
 */
export function streamsOf(tables: readonly TableFile[]): Streams {
  const streams: Streams = { streamDeclarations: {}, dataFlows: [] };
  for (const table of tables) {
    const stream = `Custom-${table.name}`;
    const columns = table.columns.map(({ name, type }) => ({ name, type: type.toLowerCase() }));
    streams.streamDeclarations[stream] = { columns };
    streams.dataFlows.push({
      streams: [stream],
      destinations: ['workspace'],
      transformKql: 'source',
      outputStream: stream,
    });
  }
  return streams;
}

/** The streams as the file that Bicep loads: lists of one on one line, as the formatter wants them. */
export function streamsText(tables: readonly TableFile[]): string {
  const text = JSON.stringify(streamsOf(tables), null, 2);
  return `${text.replace(/\[\s+("[^"]*")\s+\]/g, '[$1]')}\n`;
}
