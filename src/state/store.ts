/** A named text with the version that it was read at. */
export interface Stored {
  text: string;
  etag: string;
}

/** What is to be written: whole, or in pieces that can be asked for more than once. */
export type Text = string | { pieces(): Iterable<string> };

/** The whole of a text. */
export function wholeOf(text: Text): string {
  return typeof text === 'string' ? text : [...text.pieces()].join('');
}

/** Cuts a text that comes in pieces of bytes into its lines; a text has one line more than breaks. */
export async function linesFrom(
  pieces: AsyncIterable<Uint8Array | string>,
  each: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  const take = (text: string): void => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) each(line);
  };
  for await (const piece of pieces) take(typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }));
  take(decoder.decode());
  each(rest);
}

/** A name with the bytes of what is stored there. */
export interface Sized {
  name: string;
  bytes: number;
}

/** Where the auditor keeps what it must remember: a folder, or a blob container. Names are `/`-separated paths. */
export interface Store {
  /** for messages: the folder or the container's address */
  readonly place: string;
  read(name: string): Promise<Stored | undefined>;
  /**
   * Reads a text line by line, without having it as a whole: `each` gets every line without its break. Returns the version
   * that was read; undefined: it is not there. What fails on the way may have given some lines already.
   */
  readLines(name: string, each: (line: string) => void): Promise<string | undefined>;
  /**
   * Writes whole or not at all; a text in pieces need not be in memory as a whole. `expected`: the version that must still
   * be there, or `absent`; without it the last writer wins. Throws a {@link ConflictError} when somebody else was faster.
   */
  write(name: string, text: Text, expected?: string): Promise<string>;
  /**
   * Removing what is not there is no error. `expected`: the version that must still be there; a {@link ConflictError} says
   * that it is not.
   */
  remove(name: string, expected?: string): Promise<void>;
  /** names that start with `prefix`, sorted */
  list(prefix: string): Promise<string[]>;
  /** the same names with their bytes, of which the place itself keeps account */
  measure(prefix: string): Promise<Sized[]>;
}

export const ABSENT = 'absent';

/** Somebody else wrote this in the meantime; nothing was overwritten. */
export class ConflictError extends Error {
  override name = 'ConflictError';
}

/** What is stored cannot be understood; it is left as it is. */
export class CorruptStateError extends Error {
  override name = 'CorruptStateError';
}

/** Reads a JSON document and checks its version; a corrupt or foreign one fails, and is never overwritten. */
export async function readDocument<T extends { version: number }>(
  store: Store,
  name: string,
  version: T['version'],
): Promise<{ document: T; etag: string } | undefined> {
  const stored = await store.read(name);
  return stored && { document: documentOf<T>(stored.text, version, { store, name }), etag: stored.etag };
}

/** What the JSON documents below a prefix are called there; people and their systems may have left other files. */
export async function documentsIn(store: Store, prefix: string): Promise<string[]> {
  const names = await store.list(prefix);
  return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(prefix.length, -'.json'.length));
}

/** Where a document is, for messages. */
export interface Whereabouts {
  store: Store;
  name: string;
}

/** The JSON document of a text, of this version; else a {@link CorruptStateError}. */
export function documentOf<T extends { version: number }>(text: string, version: T['version'], at: Whereabouts): T {
  const document = parse<T>(text);
  if (document?.version === version) return document;
  throw document
    ? corrupt(`has version ${document.version}, this is a program for version ${version}`, at)
    : corrupt('is damaged', at);
}

/** `what`: the matter with a document that is left as it is. */
export function corrupt(what: string, { store, name }: Whereabouts): CorruptStateError {
  return new CorruptStateError(
    `${name} in ${store.place} ${what}; nothing was overwritten. Move it away to begin anew, or run the matching version`,
  );
}

/** What `read` gives; undefined where that is damaged and a note of it can go to `damaged`, without which it throws. */
export async function readable<T>(
  damaged: CorruptStateError[] | undefined,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CorruptStateError) || !damaged) throw error;
    damaged.push(error);
    return undefined;
  }
}

function parse<T extends { version: number }>(text: string): T | undefined {
  try {
    const value: T | null = JSON.parse(text);
    return typeof value === 'object' && value !== null && typeof value.version === 'number' ? value : undefined;
  } catch {
    return undefined;
  }
}
