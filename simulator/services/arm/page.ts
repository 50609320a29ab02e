import type { World } from '../../world.ts';
import { errorAnswer, json, queryValue } from '../service.ts';

const DEFAULT_PAGE = 100;

/**
 * One page of a list; `nextLink` is an absolute URL on the same host, absent on the last page. `shown`: an item as it is
 * answered, made for those of the page alone.
 */
export function page<T>(
  items: readonly T[],
  url: URL,
  world: World,
  shown: (item: T) => unknown = (item) => item,
): Response {
  const size = world.options.pageSize ?? DEFAULT_PAGE;
  const token = queryValue(url, '$skiptoken');
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isSafeInteger(from))
    return errorAnswer(400, 'InvalidSkipToken', `The skip token '${token}' is not valid.`);
  const value = items.slice(from, from + size).map(shown);
  if (from + size >= items.length) return json(200, { value });
  const kept = [...url.searchParams].filter(([name]) => name.toLowerCase() !== '$skiptoken');
  const query = kept.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join('&');
  const next = Buffer.from(String(from + size)).toString('base64url');
  return json(200, { value, nextLink: `${url.origin}${url.pathname}?${query}&$skiptoken=${next}` });
}
