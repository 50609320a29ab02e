import pLimit from 'p-limit';
import type { Azure } from '../azure.ts';
import { isNotFound, UnusableAnswerError } from './attempt.ts';
import { graphGet, graphPages, graphPost } from './graph.ts';
import { isWireObject, objectOf, refusal, type WireObject } from './send.ts';

/** Graph's limit for one batch (json-batching). */
const REQUESTS_A_BATCH = 20;
const BATCHES_AT_ONCE = 4;

/** One GET inside a batch; `path` begins after `/v1.0`. */
export interface BatchedRead {
  path: string;
  headers?: Record<string, string>;
  /** the rest is not wanted: only how many there are, or whether there is one */
  firstPageOnly?: boolean;
}

/** The first page's fields and the items of all pages, or why there are none; without `items` it is no list. */
export type BatchedAnswer = { body: WireObject; items?: WireObject[] } | { error: unknown };

/**
 * Many small reads of Graph, twenty a request, answered in the order asked. A read that is throttled inside its batch is
 * sent again alone, since the pipeline waits and retries only what it sees itself.
 */
export async function graphBatch(azure: Azure, reads: BatchedRead[]): Promise<BatchedAnswer[]> {
  const batches: BatchedRead[][] = [];
  for (let start = 0; start < reads.length; start += REQUESTS_A_BATCH) {
    batches.push(reads.slice(start, start + REQUESTS_A_BATCH));
  }
  const answers = await pLimit(BATCHES_AT_ONCE).map(batches, (batch) => sendBatch(azure, batch));
  return answers.flat();
}

/** The answer of one batched read that asks for a list, or its error thrown. */
export function listed(answer: BatchedAnswer | undefined): { body: WireObject; items: WireObject[] } {
  if (!answer) throw new UnusableAnswerError('Graph answered a batch without one of its requests');
  if ('error' in answer) throw answer.error;
  const { body, items } = answer;
  if (!items) throw new UnusableAnswerError('Graph answered a request of a batch without the list that it asks for');
  return { body, items };
}

/** Whether Graph says of the thing itself that it is not there. */
export function isMissing(answer: BatchedAnswer | undefined): boolean {
  return answer !== undefined && 'error' in answer && isNotFound(answer.error);
}

async function sendBatch(azure: Azure, reads: BatchedRead[]): Promise<BatchedAnswer[]> {
  const requests = reads.map(({ path, headers }, index) => ({
    id: String(index),
    method: 'GET',
    url: path,
    ...(headers && { headers }),
  }));
  let responses: unknown;
  try {
    ({ responses } = await graphPost(azure, '/v1.0/$batch', { requests }));
  } catch (cause) {
    const error = ofAnother(cause, 'a batch');
    return reads.map(() => ({ error }));
  }
  const byId = new Map((Array.isArray(responses) ? responses : []).filter(isWireObject).map((one) => [one.id, one]));
  return Promise.all(reads.map((read, index) => answerOf(azure, read, byId.get(String(index)))));
}

async function answerOf(azure: Azure, read: BatchedRead, part: WireObject | undefined): Promise<BatchedAnswer> {
  try {
    const body = await bodyOf(azure, read, part);
    if (!Array.isArray(body.value) || !body.value.every(isWireObject)) return { body };
    const items = [...body.value];
    const next = body['@odata.nextLink'];
    if (typeof next === 'string' && !read.firstPageOnly) {
      await restOf(graphPages(azure, next, read.headers), items);
    }
    return { body, items };
  } catch (error) {
    return { error };
  }
}

async function restOf(pages: AsyncIterable<WireObject>, items: WireObject[]): Promise<void> {
  try {
    for await (const item of pages) items.push(item);
  } catch (cause) {
    throw ofAnother(cause, 'a further page');
  }
}

/** That there is no batch or no page says nothing of the thing which is asked for. */
function ofAnother(error: unknown, what: string): unknown {
  if (!isNotFound(error)) return error;
  return new UnusableAnswerError(`Graph answered ${what} with 404`, { cause: error });
}

async function bodyOf(azure: Azure, { path, headers }: BatchedRead, part: WireObject | undefined) {
  if (!part || typeof part.status !== 'number') {
    throw new UnusableAnswerError(`Graph answered a batch without its part for ${path}`);
  }
  const body = objectOf(part.body);
  if (part.status === 200) return body;
  if (part.status === 429 || part.status >= 500) return graphGet(azure, `/v1.0${path}`, headers);
  throw refusal('Graph', part.status, body);
}
