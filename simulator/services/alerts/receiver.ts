/** What an attempt to call a receiver came to: its status, or nothing when the connection broke. */
export type Post = (body: string) => Promise<number | undefined>;

export interface Delivered {
  delivered: boolean;
  attempts: number;
}

/** Seconds before each further attempt, and how long an endpoint is left alone afterwards (azure-monitor-docs, action-groups.md). */
const DELAYS_SECONDS = [5, 20, 5, 40, 5];
const LEFT_ALONE_MS = 15 * 60_000;
const TRIED_AGAIN = [408, 429, 503, 504];

/**
 * A receiver of an action group. A call that fails in passing is made again; after the last attempt nobody calls the
 * endpoint for a quarter of an hour, and what happens meanwhile is lost to it.
 */
export function createReceiver(post: Post, { sleep, now }: { sleep(ms: number): Promise<void>; now(): Date }) {
  let leftAloneUntil = 0;
  return async (payload: unknown): Promise<Delivered> => {
    if (now().getTime() < leftAloneUntil) return { delivered: false, attempts: 0 };
    const body = JSON.stringify(payload);
    for (let attempt = 1; ; attempt++) {
      const status = await post(body);
      if (status !== undefined && status >= 200 && status < 300) return { delivered: true, attempts: attempt };
      // Any other answer is an answer.
      if (status !== undefined && !TRIED_AGAIN.includes(status)) return { delivered: false, attempts: attempt };
      const delay = DELAYS_SECONDS[attempt - 1];
      if (delay === undefined) {
        leftAloneUntil = now().getTime() + LEFT_ALONE_MS;
        return { delivered: false, attempts: attempt };
      }
      await sleep(delay * 1000);
    }
  };
}
