import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/** Throws where a file could not be written; leaves everything as it was. */
export async function mustBeWritable(file: string): Promise<void> {
  await named(file, async () => {
    const { isThere, part } = await placeOf(file);
    if (isThere) await access(file, constants.W_OK);
    // A device, or a folder, shows by itself whether it takes anything.
    await (await open(part ?? file, 'a')).close();
    if (part) await rm(part);
  });
}

/** Writes a file whole or not at all: what stood there stays until then. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await named(file, async () => {
    const { target, part, mode } = await placeOf(file);
    if (!part) return writeFile(file, text);
    try {
      await writeFile(part, text, mode === undefined ? {} : { mode });
      // A file that is mounted into a container cannot be replaced, only written over.
      await rename(part, target).catch(() => copyFile(part, target));
    } finally {
      await rm(part, { force: true });
    }
  });
}

interface Place {
  isThere: boolean;
  /** the file itself, behind all links */
  target: string;
  /** where it is written until it is whole; undefined: it is no regular file, such as /dev/stdout */
  part?: string;
  mode?: number;
}

async function placeOf(file: string): Promise<Place> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return { isThere: false, target: file, part: partOf(file) };
  const target = await realpath(file);
  return { isThere: true, target, ...(found.isFile() && { part: partOf(target), mode: found.mode }) };
}

/** A name that nobody else has. */
function partOf(file: string): string {
  return `${file}.${randomUUID()}.tmp`;
}

async function named(file: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new Error(`cannot write ${file}`, { cause });
  }
}
