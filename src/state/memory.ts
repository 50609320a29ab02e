import { ABSENT, ConflictError, type Store, type Stored } from './store.ts';

/** Keeps nothing beyond the process: a sweep that is asked for once and compared with nothing. */
export function memoryStore(): Store {
  const all = new Map<string, Stored>();
  let version = 0;
  return {
    place: 'memory',
    read: async (name) => all.get(name),
    async write(name, text, expected) {
      if (expected !== undefined && (all.get(name)?.etag ?? ABSENT) !== expected) {
        throw new ConflictError(`${name} was written meanwhile`);
      }
      const etag = String(++version);
      all.set(name, { text, etag });
      return etag;
    },
    async remove(name) {
      all.delete(name);
    },
    list: async (prefix) => [...all.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}
