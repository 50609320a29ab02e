import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import pLimit, { type LimitFunction } from 'p-limit';
import { ABSENT, ConflictError, linesFrom, type Sized, type Store, type Stored, type Text } from './store.ts';

/** Bytes that are written, or read, at once. */
const BLOCK = 256 * 1024;
/** The most that a UTF-16 code unit takes in UTF-8. */
const BYTES_A_UNIT = 3;
const NO_ROOM = ', since there is no room for it; what was kept before is whole. Make room, then sweep again';

/** Keeps the state in a folder, for one process at a time; a version is a file of its own: {@link writeWhole}. */
export function folderStore(folder: string): Store {
  const reading = async <T>(name: string, read: (file: FileHandle) => Promise<T>): Promise<T | undefined> => {
    try {
      return await opened(join(folder, name), 'r', read);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new Error(`cannot read ${name} in ${folder}`, { cause: error });
    }
  };
  const unchanged = async (name: string, expected: string): Promise<void> => {
    const present = await statOf(join(folder, name));
    if ((present ? etagOf(present) : ABSENT) === expected) return;
    throw new ConflictError(`${name} in ${folder} was written by another process meanwhile`);
  };
  const turns = new Map<string, LimitFunction>();
  /** Two writers of one name that both expect something of it take turns, so that the second sees the first. */
  const inTurn = <T>(name: string, expected: string | undefined, write: () => Promise<T>): Promise<T> => {
    if (expected === undefined) return write();
    const turn = turns.get(name) ?? pLimit(1);
    turns.set(name, turn);
    return turn(async () => {
      await unchanged(name, expected);
      return write();
    });
  };
  const list = async (prefix: string): Promise<string[]> => {
    const names = await allFiles(folder, dirname(`${prefix}_`));
    return names.filter((name) => name.startsWith(prefix) && !name.endsWith('.part')).sort();
  };
  return {
    place: folder,
    read: (name) =>
      reading(name, async (file): Promise<Stored> => {
        const etag = etagOf(await file.stat({ bigint: true }));
        return { etag, text: await file.readFile('utf8') };
      }),
    readLines: (name, each) =>
      reading(name, async (file) => {
        const etag = etagOf(await file.stat({ bigint: true }));
        await linesFrom(file.createReadStream({ autoClose: false, highWaterMark: BLOCK }), each);
        return etag;
      }),
    write: (name, text, expected) => inTurn(name, expected, () => writeWhole(join(folder, name), text)),
    remove: (name, expected) => inTurn(name, expected, () => rm(join(folder, name), { force: true })),
    list,
    async measure(prefix) {
      const sized: Sized[] = [];
      for (const name of await list(prefix)) {
        // It may have been removed since it was listed.
        const present = await statOf(join(folder, name));
        if (present) sized.push({ name, bytes: Number(present.size) });
      }
      return sized;
    },
  };
}

/** A crash leaves the old file or the new one, never half of it. Returns its version. */
async function writeWhole(path: string, text: Text): Promise<string> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const version = await opened(part, 'w', async (file) => {
      if (typeof text === 'string') await file.writeFile(text);
      else await writePieces(file, text.pieces());
      await file.sync();
      return etagOf(await file.stat({ bigint: true }));
    });
    await rename(part, path);
    return version;
  } catch (cause) {
    // The part may never have come to be; why the writing failed matters more.
    await rm(part, { force: true }).catch(() => undefined);
    throw new Error(`cannot write ${path}${hasNoRoom(cause) ? NO_ROOM : ''}`, { cause });
  }
}

/** Writes a text piece by piece, many at once, without ever having it as a whole. */
async function writePieces(file: FileHandle, pieces: Iterable<string>): Promise<void> {
  const block = Buffer.allocUnsafeSlow(BLOCK);
  let used = 0;
  const flush = async (): Promise<void> => {
    await file.appendFile(block.subarray(0, used));
    used = 0;
  };
  for (const piece of pieces) {
    const most = piece.length * BYTES_A_UNIT;
    if (used + most > BLOCK) await flush();
    if (most > BLOCK) await file.appendFile(piece);
    else used += block.write(piece, used);
  }
  await flush();
}

async function opened<T>(path: string, flags: 'r' | 'w', work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** The device, the quota of a user, or the limit of a process. */
function hasNoRoom(error: unknown): boolean {
  const codes = ['ENOSPC', 'EDQUOT', 'EFBIG'];
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

async function allFiles(root: string, below: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, below), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch (error) {
    if (isMissing(error)) return [];
    throw new Error(`cannot list ${below} in ${root}`, { cause: error });
  }
}

/** Undefined: it is not there. */
async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(`cannot look at ${path}`, { cause: error });
  }
}

/** Which file it is, and when it was written to the nanosecond: to read and digest it would say no more. */
function etagOf({ ino, mtimeNs, size }: BigIntStats): string {
  return `${ino}-${mtimeNs}-${size}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
