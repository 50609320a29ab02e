import { isPlain } from '../../mergePatch.ts';
import { normalized } from '../../resourceId.ts';
import type { World } from '../../world.ts';
import { type Exchange, json } from '../service.ts';
import { graphError } from './graphAnswers.ts';

const MOST_REQUESTS = 20;

/** `POST /$batch`: up to 20 requests, each answered with its own status and headers inside one 200. */
export async function answerBatch(
  exchange: Exchange,
  world: World,
  answer: (one: Exchange) => Promise<Response>,
): Promise<Response> {
  const body = await exchange.request.json().catch(() => undefined);
  const requests: unknown = isPlain(body) ? body.requests : undefined;
  if (!Array.isArray(requests)) return graphError(400, 'BadRequest', 'Invalid batch payload format.', world);
  if (requests.length > MOST_REQUESTS) {
    return graphError(
      400,
      'BadRequest',
      `Number of batch request steps exceeds the maximum value of ${MOST_REQUESTS}.`,
      world,
    );
  }
  const responses: object[] = [];
  for (const one of requests) {
    const part = isPlain(one) ? one : {};
    const { id, method, url } = part;
    if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string') {
      return graphError(400, 'BadRequest', 'Invalid batch payload format.', world);
    }
    const response = await answer(partExchange(exchange, method.toUpperCase(), url, part));
    const headers = Object.fromEntries(response.headers);
    responses.push({ id, status: response.status, headers, body: await response.json() });
  }
  return json(200, { responses });
}

function partExchange(exchange: Exchange, method: string, relative: string, part: Record<string, unknown>): Exchange {
  const url = new URL(`${exchange.url.origin}/v1.0/${relative.replace(/^\/+/, '')}`);
  const headers = new Headers(exchange.request.headers);
  for (const [name, value] of Object.entries(isPlain(part.headers) ? part.headers : {}))
    headers.set(name, String(value));
  const init: RequestInit = { method, headers };
  if (part.body !== undefined && method !== 'GET') init.body = JSON.stringify(part.body);
  return { ...exchange, request: new Request(url, init), url, path: normalized(url.pathname), method };
}
