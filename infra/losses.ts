import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { readTables, type TableFile } from './streams.ts';

const existingTable = z.object({
  name: z.string(),
  properties: z.object({
    retentionInDays: z.number(),
    totalRetentionInDays: z.number(),
    schema: z.object({ columns: z.array(z.object({ name: z.string() })) }),
  }),
});

/** A table as it is in a workspace, as far as a deployment could take something away from it. */
export type ExistingTable = z.infer<typeof existingTable>;

/** Reads the tables that ARM lists of a workspace. Throws for one that does not say what it has. */
export function readExisting(answer: string): ExistingTable[] {
  return z.array(existingTable).parse(JSON.parse(answer));
}

/**
 * What tables have and the files of this commit lack. Azure takes a table's columns as a whole: one that is left out is deleted
 * with its data ("Add or delete tables and columns in Azure Monitor Logs"). A table is lost only in a workspace of ours, where it
 * is part of the stack; tables that Azure made of a search or restored end otherwise, and are no part of it.
 */
export function lostColumns(
  existing: readonly ExistingTable[],
  files: readonly TableFile[],
  whose: 'ours' | 'shared',
): string[] {
  return existing.flatMap(({ name, properties }) => {
    const file = files.find((table) => table.name === name);
    if (!file) return whose === 'ours' && name.endsWith('_CL') ? [name] : [];
    const known = new Set(file.columns.map((column) => column.name));
    return properties.schema.columns.flatMap((column) => (known.has(column.name) ? [] : [`${name}.${column.name}`]));
  });
}

/** How long rows are to be kept: at hand, and in all. */
export type Retention = { days: number; total: number };

/** The tables of the files that keep rows for longer, at hand or in all, than is wanted. */
export function shortened(
  existing: readonly ExistingTable[],
  files: readonly TableFile[],
  { days, total }: Retention,
): string[] {
  const ours = existing.filter(({ name }) => files.some((file) => file.name === name));
  return ours.flatMap(({ name, properties: { retentionInDays, totalRetentionInDays } }) =>
    retentionInDays > days || totalRetentionInDays > total
      ? [`${name} (${retentionInDays} / ${totalRetentionInDays})`]
      : [],
  );
}

if (import.meta.main) {
  const [whose, days, total] = process.argv.slice(2);
  const existing = readExisting(await text(process.stdin));
  const files = await readTables(join(import.meta.dirname, 'tables'));
  const lost =
    whose === 'days'
      ? shortened(existing, files, { days: Number(days), total: Number(total) })
      : lostColumns(existing, files, whose === 'ours' ? 'ours' : 'shared');
  process.stdout.write(lost.map((thing) => `${thing}\n`).join(''));
}
