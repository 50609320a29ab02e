import { Readable } from 'node:stream';
import { isRestError, type RequestBodyType } from '@azure/core-rest-pipeline';
import type { ContainerClient } from '@azure/storage-blob';
import { ABSENT, ConflictError, linesFrom, type Sized, type Store, type Text } from './store.ts';

type Body = NodeJS.ReadableStream;

/** Characters: a text of fewer is sent as a whole. */
const AT_ONCE = 2 * 1024 * 1024;
/** Characters of the longer ones that are sent at a time. */
const BLOCK = 256 * 1024;

/** Keeps the state in a blob container; the blob's ETag decides between two writers. */
export function containerStore(container: ContainerClient): Store {
  // What follows the path may be a signature that opens the container.
  const place = container.url.replace(/\?.*$/, '');
  const reading = async <T>(name: string, read: (body: Body, etag: string) => Promise<T>): Promise<T | undefined> => {
    try {
      const { etag, readableStreamBody: body } = await container.getBlobClient(name).download();
      if (!etag) throw new Error(`blob ${name} in ${place} came without an ETag`);
      if (!body) throw new Error(`blob ${name} came without a body`);
      return await read(body, etag);
    } catch (error) {
      if (isRestError(error) && error.code === 'BlobNotFound') return undefined;
      throw new Error(`cannot read blob ${name} in ${place}`, { cause: error });
    }
  };
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
        const { etag } = await container.getBlockBlobClient(name).upload(body, bytes, {
          conditions,
          blobHTTPHeaders: { blobContentType: 'application/json' },
        });
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
        const { succeeded } = await blob.deleteIfExists(expected ? { conditions: { ifMatch: expected } } : {});
        if (succeeded || expected === undefined) return;
      } catch (cause) {
        if (!isConflict(cause)) throw new Error(`cannot remove blob ${name} in ${place}`, { cause });
      }
      throw new ConflictError(`blob ${name} in ${place} was written or removed by another worker meanwhile`);
    },
    async list(prefix) {
      const names: string[] = [];
      for await (const blob of container.listBlobsFlat({ prefix })) names.push(blob.name);
      return names.sort();
    },
    async measure(prefix) {
      const sized: Sized[] = [];
      for await (const { name, properties } of container.listBlobsFlat({ prefix })) {
        if (properties.contentLength === undefined)
          throw new Error(`blob ${name} in ${place} was listed without a length`);
        sized.push({ name, bytes: properties.contentLength });
      }
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
