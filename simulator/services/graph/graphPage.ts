import type { World } from '../../world.ts';
import { queryValue } from '../service.ts';
import { graphJson, unsupportedQuery } from './graphAnswers.ts';

const DEFAULT_TOP = 100;
const MOST_TOP = 999;

/** One page of a Graph collection: `$top` items (100, at most 999), and the link to the next page when there is one. */
export function graphPage<T>(
  url: URL,
  context: string,
  items: readonly T[],
  send: (item: T) => object,
  world: World,
  isCounted = false,
): Response {
  const stated = queryValue(url, '$top');
  const size = stated === undefined ? (world.options.pageSize ?? DEFAULT_TOP) : Number(stated);
  if (!Number.isInteger(size) || size < 1 || size > MOST_TOP) {
    return unsupportedQuery(
      `Invalid page size specified: '${stated}'. Must be between 1 and ${MOST_TOP} inclusive.`,
      world,
    );
  }
  const token = queryValue(url, '$skiptoken');
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isSafeInteger(from))
    return unsupportedQuery('The specified page token value has expired or is invalid.', world);
  const body = {
    '@odata.context': context,
    ...(isCounted && token === undefined ? { '@odata.count': items.length } : {}),
  };
  const value = items.slice(from, from + size).map(send);
  if (from + size >= items.length) return graphJson({ ...body, value });
  const kept = [...url.searchParams].filter(([name]) => name.toLowerCase() !== '$skiptoken');
  const next = Buffer.from(String(from + size)).toString('base64url');
  const query = [...kept.map(([name, text]) => `${name}=${encodeURIComponent(text)}`), `$skiptoken=${next}`].join('&');
  return graphJson({ ...body, '@odata.nextLink': `${url.origin}${url.pathname}?${query}`, value });
}
