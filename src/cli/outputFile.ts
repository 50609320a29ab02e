import { randomUUID } from 'node:crypto';
import { chmod, copyFile, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/** Throws where a file could not be written; leaves everything as it was. */
export async function mustBeWritable(file: string): Promise<void> {
  await named(file, async () => {
    const { isThere, part } = await placeOf(file);
    // What is there shows by itself whether it takes anything.
    const probe = isThere || !part ? file : part;
    await (await open(probe, 'a')).close();
    if (probe === part) await rm(part);
  });
}

/** Writes a file whole or not at all: what stood there stays until then. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await named(file, async () => {
    const place = await placeOf(file);
    if (!place.part) return writeFile(file, text);
    try {
      await replace(place.part, place, text);
    } catch (error) {
      // A file may be ours in a folder that is not.
      if (!place.isThere || !isForbidden(error)) throw error;
      await writeFile(file, text);
    } finally {
      await rm(place.part, { force: true });
    }
  });
}

async function replace(part: string, { target, mode }: Place, text: string): Promise<void> {
  await writeFile(part, text);
  if (mode !== undefined) await chmod(part, mode);
  // A file that is mounted into a container cannot be replaced, only written over.
  await rename(part, target).catch(() => copyFile(part, target));
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code));
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
