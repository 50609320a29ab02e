import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Send } from '../../src/publish/ingestion.ts';
import type { Store } from '../../src/state/store.ts';
import type { Wrapping } from './lab.ts';

/** `read`: a request to Azure; `send`: rows to the workspace; the others touch the state. */
export type StepKind = 'read' | 'send' | 'load' | 'list' | 'save' | 'remove';

export interface Step {
  kind: StepKind;
  /** what of: a path, a table, a name in the state */
  of: string;
}

/** What a process does, step by step: `before` and `after` each may throw, and then the process is gone. */
export interface Watcher {
  before?(step: Step): void;
  after?(step: Step): void;
}

/** Shows each step of a process to a watcher. */
export function watched({ before, after }: Watcher): Wrapping {
  const step = async <T>(kind: StepKind, of: string, work: () => Promise<T>): Promise<T> => {
    before?.({ kind, of });
    const done = await work();
    after?.({ kind, of });
    return done;
  };
  return {
    http: (inner: HttpClient): HttpClient => ({
      sendRequest(request) {
        const { host, pathname } = new URL(request.url);
        // Rows are one step, however many attempts the SDK makes.
        if (host.includes('.ingest.')) return inner.sendRequest(request);
        return step('read', pathname, () => inner.sendRequest(request));
      },
    }),
    send:
      (inner: Send): Send =>
      (batch) =>
        step('send', batch.table, () => inner(batch)),
    store: (inner: Store): Store => ({
      place: inner.place,
      read: (name) => step('load', name, () => inner.read(name)),
      readLines: (name, each) => step('load', name, () => inner.readLines(name, each)),
      write: (name, text, expected) => step('save', name, () => inner.write(name, text, expected)),
      remove: (name, expected) => step('remove', name, () => inner.remove(name, expected)),
      list: (prefix) => step('list', prefix, () => inner.list(prefix)),
      measure: (prefix) => step('list', prefix, () => inner.measure(prefix)),
    }),
  };
}

/** The steps of one process, in order. */
export function recorded(steps: Step[]): Wrapping {
  return watched({ before: (step) => steps.push(step) });
}

/**
 * A process that is killed at its n-th step (0 is the first): before the step has an effect, or after it had one that
 * nobody heard of. It does nothing more.
 */
export function killedAt(n: number, when: 'before' | 'after'): Wrapping {
  let count = 0;
  let dead = false;
  const alive = (): void => {
    if (dead) throw new Error('killed');
  };
  return watched({
    before() {
      alive();
      if (count === n && when === 'before') {
        dead = true;
        alive();
      }
      count++;
    },
    after() {
      if (count > n) dead = true;
      alive();
    },
  });
}

/** Time for so many reads and no more. */
export function enoughFor(reads: number): Wrapping {
  let left = reads;
  return { connection: { deadline: { leftMs: () => (left-- > 0 ? 1 : 0) } } };
}
