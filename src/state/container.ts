import { Readable } from 'node:stream';
import { isRestError, type RequestBodyType } from '@azure/core-rest-pipeline';
import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import { ANSWER_WITHIN_MS } from '../deadline.ts';
import { ABSENT, ConflictError, linesFrom, type Sized, type Store, type Text } from './store.ts';

type Body = NodeJS.ReadableStream;

/** Characters: a text of fewer is sent as a whole. */
const AT_ONCE = 2 * 1024 * 1024;
/** Characters of the longer ones that are sent at a time. */
const BLOCK = 256 * 1024;

/**
 * Keeps the state in a blob container; the blob's ETag decides between two writers. A call that has not ended in time, with
 * its retries and all that comes over the wire, is given up: the SDK by itself waits for ever.
 */
export function containerStore(container: ContainerClient, answerWithinMs = ANSWER_WITHIN_MS): Store {
  // What follows the path may be a signature that opens the container.
  const place = container.url.replace(/\?.*$/, '');
  const inTime = async <T>(call: (abortSignal: AbortSignal) => Promise<T>): Promise<T> => {
    const abortSignal = AbortSignal.timeout(answerWithinMs);
    try {
      return await call(abortSignal);
    } catch (cause) {
      if (!abortSignal.aborted) throw cause;
      throw new Error(`${place} has not answered within ${answerWithinMs / 1000} s`, { cause });
    }
  };
  const reading = async <T>(name: string, read: (body: Body, etag: string) => Promise<T>): Promise<T | undefined> => {
    try {
      return await inTime(async (abortSignal) => {
        const blob = container.getBlobClient(name);
        const { etag, readableStreamBody: body } = await blob.download(0, undefined, { abortSignal });
        if (!etag) throw new Error(`blob ${name} in ${place} came without an ETag`);
        if (!body) throw new Error(`blob ${name} came without a body`);
        return await read(body, etag);
      });
    } catch (error) {
      if (isRestError(error) && error.code === 'BlobNotFound') return undefined;
      throw new Error(`cannot read blob ${name} in ${place}`, { cause: error });
    }
  };
  const listed = <T>(prefix: string, pick: (blob: BlobItem) => T): Promise<T[]> =>
    inTime(async (abortSignal) => {
      const picked: T[] = [];
      for await (const blob of container.listBlobsFlat({ prefix, abortSignal })) picked.push(pick(blob));
      return picked;
    });
  return {
    place,
    read: (name) => reading(name, async (body, etag) => ({ text: await textOf(body), etag })),
    readLines: (name, each) =>
      reading(name, async (body, etag) => {
        await linesFrom(body, each);
        return etag;
      }),
    async write(name, text, expected) {
      const conditions = expected === ABSENT ? { ifNoneMatch: '*' } : expected ? { ifMatch: expected } : {};
      try {
        const [body, bytes] = bodyOf(text);
        const { etag } = await inTime((abortSignal) =>
          container.getBlockBlobClient(name).upload(body, bytes, {
            abortSignal,
            conditions,
            blobHTTPHeaders: { blobContentType: 'application/json' },
          }),
        );
        if (!etag) throw new Error(`blob ${name} was written without an ETag`);
        return etag;
      } catch (error) {
        if (isConflict(error)) {
          throw new ConflictError(`blob ${name} in ${place} was written by another worker meanwhile`, { cause: error });
        }
        throw new Error(`cannot write blob ${name} in ${place}`, { cause: error });
      }
    },
    async remove(name, expected) {
      const blob = container.getBlobClient(name);
      try {
        const { succeeded } = await inTime((abortSignal) =>
          blob.deleteIfExists({ abortSignal, ...(expected && { conditions: { ifMatch: expected } }) }),
        );
        if (succeeded || expected === undefined) return;
      } catch (cause) {
        if (!isConflict(cause)) throw new Error(`cannot remove blob ${name} in ${place}`, { cause });
      }
      throw new ConflictError(`blob ${name} in ${place} was written or removed by another worker meanwhile`);
    },
    async list(prefix) {
      return (await listed(prefix, ({ name }) => name)).sort();
    },
    async measure(prefix) {
      const sized = await listed(prefix, ({ name, properties: { contentLength: bytes } }): Sized => {
        if (bytes === undefined) throw new Error(`blob ${name} in ${place} was listed without a length`);
        return { name, bytes };
      });
      return sized.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

/** The body of a request, and how many bytes it has: a large text is made once more for each attempt to send it. */
function bodyOf(text: Text): [RequestBodyType, number] {
  if (typeof text === 'string') return [text, Buffer.byteLength(text)];
  let [whole, bytes] = ['', 0];
  for (const piece of text.pieces()) {
    if (whole.length < AT_ONCE) whole += piece;
    bytes += Buffer.byteLength(piece);
  }
  if (whole.length < AT_ONCE) return [whole, bytes];
  return [() => Readable.from(blocksOf(text.pieces()), { objectMode: false }), bytes];
}

/** Few long pieces instead of many short ones. */
function* blocksOf(pieces: Iterable<string>): Generator<string> {
  let block = '';
  for (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

/** A 412 is also what is said of a blob that somebody holds a lease on: then nobody was faster, and nobody will be. */
function isConflict(error: unknown): boolean {
  if (!isRestError(error)) return false;
  return error.statusCode === 412 ? !error.code?.startsWith('Lease') : error.code === 'BlobAlreadyExists';
}

async function textOf(body: Body): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
