import { isRestError } from '@azure/core-rest-pipeline';
import type { ContainerClient } from '@azure/storage-blob';
import { ABSENT, ConflictError, type Sized, type Store, wholeOf } from './store.ts';

/** Keeps the state in a blob container; the blob's ETag decides between two writers. */
export function containerStore(container: ContainerClient): Store {
  const place = container.url;
  return {
    place,
    async read(name) {
      try {
        const response = await container.getBlobClient(name).download();
        const { etag } = response;
        if (!etag) throw new Error(`blob ${name} in ${place} came without an ETag`);
        return { text: await textOf(response.readableStreamBody, name), etag };
      } catch (error) {
        if (isRestError(error) && error.code === 'BlobNotFound') return undefined;
        throw new Error(`cannot read blob ${name} in ${place}`, { cause: error });
      }
    },
    async write(name, text, expected) {
      const conditions = expected === ABSENT ? { ifNoneMatch: '*' } : expected ? { ifMatch: expected } : {};
      try {
        const body = wholeOf(text);
        const { etag } = await container.getBlockBlobClient(name).upload(body, Buffer.byteLength(body), {
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

/** A 412 is also what is said of a blob that somebody holds a lease on: then nobody was faster, and nobody will be. */
function isConflict(error: unknown): boolean {
  if (!isRestError(error)) return false;
  return error.statusCode === 412 ? !error.code?.startsWith('Lease') : error.code === 'BlobAlreadyExists';
}

async function textOf(body: NodeJS.ReadableStream | undefined, name: string): Promise<string> {
  if (!body) throw new Error(`blob ${name} came without a body`);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
