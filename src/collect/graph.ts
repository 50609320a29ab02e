import type { Azure } from '../azure.ts';
import { type Sent, send, valuesOf, type WireObject } from './send.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** One page after another of a Graph collection; `path` begins with `/v1.0/`, or is the link to a next page. */
export async function* graphPages(
  azure: Azure,
  path: string,
  headers?: Record<string, string>,
): AsyncGenerator<WireObject> {
  let url: string | undefined = path.startsWith('/') ? `${azure.cloud.graph}${path}` : path;
  while (url) {
    const request = get(url, headers);
    const page: WireObject = await send(azure, request);
    yield* valuesOf(page, request);
    url = nextOf(page);
  }
}

/** Directory objects by id, at most 1,000 a call (Graph: directoryObject getByIds); those that are gone are left out. */
export async function graphByIds(azure: Azure, ids: string[], types: string[]): Promise<WireObject[]> {
  const request = post(`${azure.cloud.graph}/v1.0/directoryObjects/getByIds`, { ids, types });
  const page = await send(azure, request);
  const objects = [...valuesOf(page, request)];
  const next = nextOf(page);
  if (next) for await (const object of graphPages(azure, next)) objects.push(object);
  return objects;
}

/** One object of Graph; `path` begins with `/v1.0/`. */
export function graphGet(azure: Azure, path: string, headers?: Record<string, string>): Promise<WireObject> {
  return send(azure, get(`${azure.cloud.graph}${path}`, headers));
}

/** What Graph answers to a read that it wants as a POST: getByIds, $batch. */
export function graphPost(azure: Azure, path: string, body: unknown): Promise<WireObject> {
  return send(azure, post(`${azure.cloud.graph}${path}`, body));
}

function nextOf({ '@odata.nextLink': next }: WireObject): string | undefined {
  return typeof next === 'string' && next !== '' ? next : undefined;
}

function get(url: string, headers?: Record<string, string>): Sent {
  return { service: 'Graph', method: 'GET', url, headers: { ...headers, ...JSON_TYPE } };
}

function post(url: string, body: unknown): Sent {
  return { service: 'Graph', method: 'POST', url, headers: JSON_TYPE, body };
}
