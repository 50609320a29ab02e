import { ABSENT, ConflictError, type Store, type Stored, wholeOf } from './store.ts';

/** Keeps nothing beyond the process: a sweep that is asked for once and compared with nothing. */
export function memoryStore(): Store {
  const all = new Map<string, Stored>();
  let version = 0;
  const unchanged = (name: string, expected: string | undefined): void => {
    if (expected === undefined || (all.get(name)?.etag ?? ABSENT) === expected) return;
    throw new ConflictError(`${name} was written meanwhile`);
  };
  const list = (prefix: string): string[] => [...all.keys()].filter((name) => name.startsWith(prefix)).sort();
  return {
    place: 'memory',
    read: async (name) => all.get(name),
    async readLines(name, each) {
      const stored = all.get(name);
      for (const line of stored?.text.split('\n') ?? []) each(line);
      return stored?.etag;
    },
    async write(name, text, expected) {
      unchanged(name, expected);
      const etag = String(++version);
      all.set(name, { text: wholeOf(text), etag });
      return etag;
    },
    async remove(name, expected) {
      unchanged(name, expected);
      all.delete(name);
    },
    list: async (prefix) => list(prefix),
    measure: async (prefix) =>
      list(prefix).map((name) => ({ name, bytes: Buffer.byteLength(all.get(name)?.text ?? '') })),
  };
}
