import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import type { Azure } from '../azure.ts';
import { UnusableAnswerError } from './attempt.ts';

/** An answer of Graph whose fields are checked by whoever reads them. */
export type GraphObject = Record<string, unknown>;

/** One page after another of a Graph collection; `path` begins with `/v1.0/`, or is the link to a next page. */
export async function* graphPages(
  azure: Azure,
  path: string,
  headers?: Record<string, string>,
): AsyncGenerator<GraphObject> {
  let url: string | undefined = path.startsWith('/') ? `${azure.cloud.graph}${path}` : path;
  while (url) {
    const page: GraphObject = await graphSend(azure, 'GET', url, undefined, headers);
    yield* valuesOf(page, url);
    const next: unknown = page['@odata.nextLink'];
    url = typeof next === 'string' && next !== '' ? next : undefined;
  }
}

/** Directory objects by id, at most 1,000 a call (Graph: directoryObject getByIds); those that are gone are left out. */
export async function graphByIds(azure: Azure, ids: string[], types: string[]): Promise<GraphObject[]> {
  const url = `${azure.cloud.graph}/v1.0/directoryObjects/getByIds`;
  return valuesOf(await graphSend(azure, 'POST', url, { ids, types }), url);
}

/** One object of Graph; `path` begins with `/v1.0/`. */
export function graphGet(azure: Azure, path: string, headers?: Record<string, string>): Promise<GraphObject> {
  return graphSend(azure, 'GET', `${azure.cloud.graph}${path}`, undefined, headers);
}

/** What Graph answers to a read that it wants as a POST: getByIds, $batch. */
export function graphPost(azure: Azure, path: string, body: unknown): Promise<GraphObject> {
  return graphSend(azure, 'POST', `${azure.cloud.graph}${path}`, body);
}

async function graphSend(
  azure: Azure,
  method: 'GET' | 'POST',
  url: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<GraphObject> {
  const request = createPipelineRequest({
    url,
    method,
    headers: createHttpHeaders({ ...headers, accept: 'application/json', 'content-type': 'application/json' }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await azure.graph.sendRequest(azure.httpClient, request);
  const answer = parse(response.bodyAsText ?? '', url);
  if (response.status === 200) return answer;
  const error = isObject(answer.error) ? answer.error : {};
  throw new RestError(typeof error.message === 'string' ? error.message : `Graph answered ${response.status}`, {
    statusCode: response.status,
    ...(typeof error.code === 'string' && { code: error.code }),
    request,
    response,
  });
}

function parse(text: string, url: string): GraphObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch (cause) {
    throw new UnusableAnswerError(`Graph answered ${new URL(url).pathname} with what is not JSON`, { cause });
  }
}

function valuesOf(page: GraphObject, url: string): GraphObject[] {
  if (!Array.isArray(page.value) || !page.value.every(isObject)) {
    throw new UnusableAnswerError(`Graph answered ${new URL(url).pathname} without a list of objects in 'value'`);
  }
  return page.value;
}

export function isObject(value: unknown): value is GraphObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
