import type { HttpClient } from '@azure/core-rest-pipeline';

/** The code of the gaps that a deadline leaves. */
export const NOT_REACHED = 'NotReached';

/**
 * How long the message of a shard may read, milliseconds. The host kills a function after 30 minutes (host.json). What is
 * under way at 20 may take the time of one request and one wait that Azure asks for, three minutes (connect in azure.ts);
 * the rest is for judging, saving and sending the rows.
 */
export const READ_FOR_MS = 20 * 60 * 1000;

/** How long one request to Azure, or one call to the state, is waited for, milliseconds. */
export const ANSWER_WITHIN_MS = 100_000;

/** Whether there is time for another part of the same subscription, which reads for a minute or two. */
export function isEarly({ leftMs }: Deadline): boolean {
  return leftMs() > READ_FOR_MS / 2;
}

/**
 * How long a function may send rows, milliseconds. What is under way at 25 minutes may take three as well; the rest is for
 * keeping what was not sent.
 */
export const SEND_FOR_MS = 25 * 60 * 1000;

/** There was no time left to begin a read. */
export class NotReachedError extends Error {
  override name = NOT_REACHED;
  constructor() {
    super('the time of this sweep was up; the next one begins with what is left');
  }
}

/** Until when something is read, or sent. */
export interface Deadline {
  /** milliseconds, not below 0 */
  leftMs(): number;
}

/** A deadline so many milliseconds from now, by any steady clock. */
export function deadlineIn(ms: number, now: () => number): Deadline {
  const end = now() + ms;
  return { leftMs: () => Math.max(0, end - now()) };
}

/** An HTTP client that begins no request after the deadline: a NotReachedError. What is under way is not cut off. */
export function until(deadline: Deadline, inner: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      if (deadline.leftMs() === 0) throw new NotReachedError();
      return inner.sendRequest(request);
    },
  };
}
