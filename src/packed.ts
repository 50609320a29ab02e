import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Characters that are compressed at once: below that little is saved, above it looking at one item costs more. */
const CHUNK = 32 * 1024;
const BETWEEN = ',\n';

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
  let open: string[] = [];
  let length = 0;
  let size = 0;
  const seal = (): void => {
    if (open.length === 0) return;
    chunks.push(exact(deflateRawSync(open.join(BETWEEN), { level: 1 })));
    open = [];
    length = 0;
  };
  const addJson = (json: string): void => {
    open.push(json);
    size++;
    length += json.length;
    if (length >= CHUNK) seal();
  };
  function* texts(): Generator<string> {
    for (const chunk of chunks) yield inflateRawSync(chunk).toString();
    if (open.length > 0) yield open.join(BETWEEN);
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

/** zlib answers with a part of a buffer of its own size, all of which would be kept. */
function exact(part: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(part.length);
  part.copy(own);
  return own;
}
