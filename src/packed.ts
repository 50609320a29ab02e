import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Bytes that are compressed at once: below that little is saved, above it looking at one item costs more. */
const CHUNK = 32 * 1024;
/** Bytes that a list has room for at first: there may be many with few items. */
const FIRST = 1024;
const BETWEEN = ',\n';
/** Else zlib makes three buffers to open a chunk, and one four times too long to compress it. */
const ROOM = { chunkSize: CHUNK + 1024 };
const LITTLE = { level: 1, chunkSize: CHUNK / 8 };

/** A list that is kept as compressed JSON, in about a tenth of the room. Whoever looks at it gets its items made anew. */
export interface Packed<T> extends Iterable<T> {
  /** how many items it has */
  size(): number;
  add(item: T): void;
  /** adds an item that is JSON already, without a line break in it */
  addJson(json: string): void;
  /** the JSON of its items in their order, many in a text, with `,` and a line break between two */
  texts(): Iterable<string>;
  /** nothing more comes for now: compresses what is not yet */
  seal(): void;
}

/** An empty list. */
export function packed<T>(): Packed<T> {
  const chunks: Buffer[] = [];
  // As bytes: a text may be a part of a much longer one, which it would keep.
  let open: Buffer | undefined;
  let bytes = 0;
  let size = 0;
  const compress = (some: Buffer): void => {
    chunks.push(exact(deflateRawSync(some, LITTLE)));
  };
  const seal = (): void => {
    if (open && bytes > 0) compress(open.subarray(0, bytes));
    open = undefined;
    bytes = 0;
  };
  const addJson = (json: string): void => {
    size++;
    const own = Buffer.byteLength(json);
    if (bytes + BETWEEN.length + own > CHUNK) seal();
    if (own > CHUNK) compress(Buffer.from(json));
    else {
      open = withRoom(open, bytes + BETWEEN.length + own);
      if (bytes > 0) bytes += open.write(BETWEEN, bytes);
      bytes += open.write(json, bytes);
    }
  };
  function* texts(): Generator<string> {
    for (const chunk of chunks) yield inflateRawSync(chunk, ROOM).toString();
    if (open && bytes > 0) yield open.toString('utf8', 0, bytes);
  }
  return {
    size: () => size,
    addJson,
    seal,
    texts,
    add: (item) => addJson(JSON.stringify(item)),
    *[Symbol.iterator]() {
      for (const text of texts()) yield* JSON.parse(`[${text}]`) as T[];
    },
  };
}

/** The buffer, or a longer one that begins like it. */
function withRoom(buffer: Buffer = Buffer.alloc(0), bytes: number): Buffer {
  if (bytes <= buffer.length) return buffer;
  let length = FIRST;
  while (length < bytes) length *= 2;
  const longer = Buffer.allocUnsafeSlow(Math.min(length, CHUNK));
  buffer.copy(longer);
  return longer;
}

/** zlib answers with a part of a buffer of its own size, all of which would be kept. */
function exact(part: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(part.length);
  part.copy(own);
  return own;
}
