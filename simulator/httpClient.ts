import { createHttpHeaders, type HttpClient, type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { ConnectionReset } from './spoil.ts';

/**
 * The in-process entrance: what `createDefaultHttpClient` is to the network, without the network.
 * Aborting and `timeout` end a request with an `AbortError`; a cut connection is a RestError `ECONNRESET`, which the
 * SDK's retry policy retries (@typespec/ts-http-runtime, retryStrategies/exponentialRetryStrategy).
 */
export function inProcessClient(handle: (request: Request) => Promise<Response>): HttpClient {
  return {
    async sendRequest(request) {
      const controller = new AbortController();
      const abort = (): void => controller.abort();
      if (request.abortSignal?.aborted === true) throw aborted();
      request.abortSignal?.addEventListener('abort', abort);
      const timer = request.timeout > 0 ? setTimeout(abort, request.timeout) : undefined;
      try {
        const response = await handle(await toFetch(request, controller.signal));
        const bodyAsText = await response.text();
        return {
          request,
          status: response.status,
          headers: createHttpHeaders(Object.fromEntries(response.headers)),
          bodyAsText,
        };
      } catch (error) {
        if (controller.signal.aborted) throw aborted();
        if (error instanceof ConnectionReset) throw new RestError(error.message, { code: error.code, request });
        throw error;
      } finally {
        clearTimeout(timer);
        request.abortSignal?.removeEventListener('abort', abort);
      }
    },
  };
}

/** Named as @typespec/ts-http-runtime names its own: callers recognise it by name. */
function aborted(): Error {
  const error = new Error('The operation was aborted.');
  error.name = 'AbortError';
  return error;
}

async function toFetch(request: PipelineRequest, signal: AbortSignal): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of request.headers) headers.set(name, value);
  const body = await bytesOf(request.body);
  const init: RequestInit = { method: request.method, headers, signal };
  if (body !== undefined) init.body = body;
  return new Request(request.url, init);
}

async function bytesOf(body: PipelineRequest['body']): Promise<Uint8Array<ArrayBuffer> | string | undefined> {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (typeof body === 'function') return bytesOf(body());
  if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer());
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  if (body instanceof FormData) throw new Error('the simulator takes no multipart bodies: send a string or bytes');
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
