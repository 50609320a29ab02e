import type { World } from '../../world.ts';
import { json } from '../service.ts';

/** A 200 with the headers of every answer of the directory. */
export function graphJson(body: object): Response {
  const contentType =
    'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
  return json(200, body, { 'content-type': contentType, 'odata-version': '4.0' });
}

/** Graph's error body; its date has no time zone. */
export function graphError(
  status: number,
  code: string,
  message: string,
  world: World,
  headers: Record<string, string> = {},
): Response {
  const requestId = crypto.randomUUID();
  const innerError = {
    date: world.now().toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': requestId,
  };
  return json(
    status,
    { error: { code, message, innerError } },
    { 'content-type': 'application/json', 'request-id': requestId, ...headers },
  );
}

export function denied(world: World): Response {
  return graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.', world);
}

export function notFound(id: string, world: World): Response {
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
  return graphError(404, 'Request_ResourceNotFound', message, world);
}

export function unsupportedQuery(message: string, world: World): Response {
  return graphError(400, 'Request_UnsupportedQuery', message, world);
}
