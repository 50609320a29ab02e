import type { Azure } from '../azure.ts';
import { type Sent, send, valuesOf, type WireObject } from './send.ts';

/**
 * One page after another of an ARM collection that has no SDK here; `path` begins with `/` and carries its
 * `api-version`. Throws a RestError as the SDKs do; the guard refuses a `nextLink` to another host.
 */
export async function* armPages(azure: Azure, path: string): AsyncGenerator<WireObject> {
  let url: string | undefined = `${azure.cloud.arm}${path}`;
  while (url) {
    const request: Sent = { service: 'ARM', method: 'GET', url };
    const page: WireObject = await send(azure, request);
    yield* valuesOf(page, request);
    url = typeof page.nextLink === 'string' && page.nextLink !== '' ? page.nextLink : undefined;
  }
}

/** One ARM resource or answer by its path with `api-version`; throws a RestError as the SDKs do. */
export function armGet(azure: Azure, path: string): Promise<WireObject> {
  return send(azure, { service: 'ARM', method: 'GET', url: `${azure.cloud.arm}${path}` });
}
