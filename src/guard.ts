import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import { jsonOf } from './json.ts';

/** What went over the wire so far. */
export interface Traffic {
  requests: number;
  /** answers 429 */
  throttled: number;
}

export interface GuardOptions {
  hosts: string[];
  suffixes: string[];
  longestRetryAfterMs: number;
  /** a 429 that names no wait is not retried by the SDKs at all, so we name one */
  unnamedWaitSeconds: number;
  requestTimeoutMs: number;
  traffic: Traffic;
}

/** A request was given up, since its answer took longer than we wait. */
class TimedOutError extends Error {
  override name = 'TimedOut';
}

/** Set on an answer whose `Retry-After` was longer than we wait; its value is the seconds that were asked for. */
export const REFUSED_WAIT_HEADER = 'x-acr-warden-refused-wait';
/** Set on an answer that is an error; its value is what the service says, which the SDKs' paging forgets. */
export const SAID_HEADER = 'x-acr-warden-said';
/** Set beside it; its value is the inner code of the error, where there is one: Key Vault's reason for a 403. */
export const INNER_CODE_HEADER = 'x-acr-warden-inner-code';
// The headers that the SDKs' throttling strategy obeys, without any upper bound:
// @typespec/ts-http-runtime, retryStrategies/throttlingRetryStrategy
const WAIT_HEADERS = ['retry-after-ms', 'x-ms-retry-after-ms', 'retry-after'];

/**
 * An HTTP client around another that counts, bounds each request in time and each wait that the service asks for,
 * and refuses to carry a token to a host that is not Azure's: the SDKs follow any `nextLink` with the token attached.
 */
export function guard(inner: HttpClient, options: GuardOptions): HttpClient {
  return {
    async sendRequest(request) {
      const { origin, protocol, host } = new URL(request.url);
      if (protocol !== 'https:' || !isAzureHost(host, options)) {
        throw new Error(`refused to send a request with our token to ${origin}, which is no host of this Azure cloud`);
      }
      options.traffic.requests++;
      const response = await sendInTime(inner, request, options.requestTimeoutMs);
      if (response.status === 429) options.traffic.throttled++;
      if (response.status === 429 || response.status === 503) boundWait(response, options);
      if (response.status >= 400) keepWhatWasSaid(response);
      return response;
    },
  };
}

function isAzureHost(host: string, { hosts, suffixes }: GuardOptions): boolean {
  const name = host.toLowerCase().replace(/:443$/, '');
  return hosts.includes(name) || suffixes.some((suffix) => name.endsWith(suffix));
}

async function sendInTime(inner: HttpClient, request: PipelineRequest, ms: number): Promise<PipelineResponse> {
  const outer = request.abortSignal;
  const own = new AbortController();
  const forward = (): void => own.abort();
  if (outer?.aborted) own.abort();
  outer?.addEventListener('abort', forward);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    own.abort();
  }, ms);
  request.abortSignal = own.signal;
  try {
    return await inner.sendRequest(request);
  } catch (cause) {
    if (late) throw new TimedOutError(`no answer from ${new URL(request.url).host} within ${ms / 1000} s`, { cause });
    throw cause;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', forward);
    // The SDK sends the same request object again when it retries.
    if (outer) request.abortSignal = outer;
    else delete request.abortSignal;
  }
}

// ARM, Graph and the ingestion API alike.
const WireError = z.object({
  error: z.object({ message: z.string(), innererror: z.object({ code: z.string() }).optional().catch(undefined) }),
});

function keepWhatWasSaid({ bodyAsText, headers }: PipelineResponse): void {
  // A proxy's page, or half an answer, is nothing that Azure says.
  const { data } = WireError.safeParse(jsonOf(bodyAsText ?? ''));
  if (data) headers.set(SAID_HEADER, data.error.message);
  if (data?.error.innererror) headers.set(INNER_CODE_HEADER, data.error.innererror.code);
}

function boundWait(response: PipelineResponse, { longestRetryAfterMs, unnamedWaitSeconds }: GuardOptions): void {
  const asked = askedWaitMs(response);
  if (asked === undefined) {
    for (const header of WAIT_HEADERS) response.headers.delete(header);
    if (response.status === 429) response.headers.set('retry-after', String(unnamedWaitSeconds));
    return;
  }
  if (asked <= longestRetryAfterMs) return;
  for (const header of WAIT_HEADERS) response.headers.delete(header);
  response.headers.set(REFUSED_WAIT_HEADER, String(Math.round(asked / 1000)));
}

/** How long an answer asks to wait, milliseconds; undefined: it names no wait. */
export function askedWaitMs(response: PipelineResponse): number | undefined {
  for (const header of WAIT_HEADERS) {
    const value = response.headers.get(header);
    if (!value) continue;
    const number = Number(value);
    // No service waits for the past: one that says so has named no wait.
    if (number < 0) return undefined;
    if (Number.isFinite(number)) return header === 'retry-after' ? number * 1000 : number;
    // How long it is until then, only an answer says that says when it was given.
    const wait = Date.parse(value) - Date.parse(response.headers.get('date') ?? '');
    if (Number.isFinite(wait)) return Math.max(0, wait);
  }
  return undefined;
}
