import type { FaultEffect } from './faults.ts';

/** The connection was cut before an answer came. */
export class ConnectionReset extends Error {
  readonly code: string = 'ECONNRESET';

  constructor(host: string) {
    super(`read ECONNRESET from ${host} (simulated)`);
    this.name = 'ConnectionReset';
  }
}

/** DNS does not know the host: no connection was even tried. */
export class HostNotFound extends ConnectionReset {
  override readonly code: string = 'ENOTFOUND';

  constructor(host: string) {
    super(host);
    this.name = 'HostNotFound';
    this.message = `getaddrinfo ENOTFOUND ${host} (simulated)`;
  }
}

/** Waits, unless the caller gives up first. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => reject(signal.reason);
  const timer = Number.isFinite(ms) ? setTimeout(resolve, ms) : undefined;
  signal.addEventListener('abort', onAbort);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** The effects that come before the service is asked: waiting, cutting, a status instead of the answer. */
export async function spoilBefore(
  effects: FaultEffect[],
  host: string,
  signal: AbortSignal,
): Promise<Response | undefined> {
  for (const effect of effects) {
    if (effect.kind === 'latency') await pause(effect.ms, signal);
    if (effect.kind === 'hang') await pause(Number.POSITIVE_INFINITY, signal);
    if (effect.kind === 'reset') throw new ConnectionReset(host);
    if (effect.kind === 'status') return statusAnswer(effect);
  }
  return undefined;
}

function statusAnswer(effect: Extract<FaultEffect, { kind: 'status' }>): Response {
  const code = effect.code ?? (effect.status === 429 ? 'TooManyRequests' : 'SimulatedFault');
  const message = effect.message ?? `A fault rule answers ${effect.status}.`;
  const headers = new Headers({ 'content-type': 'application/json; charset=utf-8' });
  if (effect.retryAfter !== undefined) headers.set('retry-after', effect.retryAfter);
  return new Response(effect.body ?? JSON.stringify({ error: { code, message } }), { status: effect.status, headers });
}

/** The effects on an answer that the service has given. Field effects leave error answers alone. */
export async function spoilAfter(effects: FaultEffect[], response: Response, url: URL): Promise<Response> {
  let answer = response;
  for (const effect of effects) {
    if (effect.kind === 'half') answer = await withBody(answer, (text) => text.slice(0, Math.ceil(text.length / 2)));
    if (effect.kind === 'broken')
      answer = await withBody(answer, () => '<html><body>Our services are not available right now</body></html>');
    if (!answer.ok) continue;
    if (effect.kind === 'nextLink') {
      const link = new URL(url);
      link.host = effect.host;
      const key = url.hostname.includes('graph') ? '@odata.nextLink' : 'nextLink';
      answer = await withJson(answer, (body) => ('value' in body ? { ...body, [key]: link.href } : body));
    }
    if (effect.kind === 'remove')
      answer = await withJson(answer, (body) => eachItem(body, (item) => without(item, effect.field.split('.'))));
    if (effect.kind === 'set') {
      answer = await withJson(answer, (body) =>
        eachItem(body, (item) => withField(item, effect.field.split('.'), effect.value)),
      );
    }
  }
  return answer;
}

type Json = Record<string, unknown>;

async function withBody(response: Response, change: (text: string) => string): Promise<Response> {
  const text = await response.text();
  return new Response(response.status === 204 ? null : change(text), {
    status: response.status,
    headers: response.headers,
  });
}

function withJson(response: Response, change: (body: Json) => Json): Promise<Response> {
  return withBody(response, (text) => {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? JSON.stringify(change(body)) : text;
  });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function eachItem(body: Json, change: (item: Json) => Json): Json {
  const value = body.value;
  if (!Array.isArray(value)) return change(body);
  return change({ ...body, value: value.map((item: unknown) => (isObject(item) ? change(item) : item)) });
}

function without(item: Json, [first, ...rest]: string[]): Json {
  if (first === undefined || !(first in item)) return item;
  if (rest.length === 0) return Object.fromEntries(Object.entries(item).filter(([key]) => key !== first));
  const inner = item[first];
  return isObject(inner) ? { ...item, [first]: without(inner, rest) } : item;
}

/** What belongs to a page of a list, not to its items. */
const PAGE_FIELDS = ['value', 'nextLink', '@odata.nextLink'];

/** Sets a field whose parent is there: `properties.x` reaches the items, not the page around them. */
function withField(item: Json, [first, ...rest]: string[], value: unknown): Json {
  if (first === undefined || Array.isArray(item.value) !== PAGE_FIELDS.includes(first)) return item;
  if (rest.length === 0) return { ...item, [first]: value };
  const inner = item[first];
  return isObject(inner) ? { ...item, [first]: withInner(inner, rest, value) } : item;
}

function withInner(item: Json, [first, ...rest]: string[], value: unknown): Json {
  if (first === undefined) return item;
  if (rest.length === 0) return { ...item, [first]: value };
  const inner = item[first];
  return isObject(inner) ? { ...item, [first]: withInner(inner, rest, value) } : item;
}
