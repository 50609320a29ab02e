import type { Caller } from '../token.ts';
import type { World } from '../world.ts';

/** A request on its way to a service: the URL has the real host, the path one slash at the start and none at the end. */
export interface Exchange {
  request: Request;
  url: URL;
  host: string;
  path: string;
  method: string;
  caller: Caller | undefined;
}

/** One simulated service. The first in the list that serves host and path answers. */
export interface Service {
  name: string;
  serves(host: string, path: string): boolean;
  answer(exchange: Exchange, world: World): Response | Promise<Response>;
}

/** A query value by its name in any letter case; names may come percent-encoded (`api%2Dversion`). */
export function queryValue(url: URL, name: string): string | undefined {
  for (const [key, value] of url.searchParams) {
    if (key.toLowerCase() === name.toLowerCase()) return value;
  }
  return undefined;
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache', ...headers },
  });
}

/** The error body of ARM and Azure Monitor. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return json(status, { error: { code, message } }, headers);
}
