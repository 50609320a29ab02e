import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { Azure } from '../azure.ts';
import { jsonOf } from '../json.ts';
import { UnusableAnswerError } from './attempt.ts';

/** What came over the wire; its fields are checked by whoever reads them. */
export type WireObject = Record<string, unknown>;

export type Service = 'ARM' | 'Graph';

/** One request to a service that has no SDK here. */
export interface Sent {
  service: Service;
  method: 'GET' | 'POST';
  url: string;
  headers?: Record<string, string> | undefined;
  body?: unknown;
}

/** The object that a service answers; throws a RestError as the SDKs do, and an UnusableAnswerError on what is not JSON. */
export async function send(azure: Azure, { service, method, url, headers, body }: Sent): Promise<WireObject> {
  const request = createPipelineRequest({
    url,
    method,
    headers: createHttpHeaders({ ...headers, accept: 'application/json' }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const pipeline = service === 'ARM' ? azure.arm : azure.graph;
  const response = await pipeline.sendRequest(azure.httpClient, request);
  const text = response.bodyAsText ?? '';
  if (response.status === 200) return parse(text, { service, url });
  // A proxy's page, or nothing, says no more than its status.
  throw refusal(service, response.status, objectOf(jsonOf(text)), { request, response });
}

/** The error that the SDKs would throw of an answer that is not a success. */
export function refusal(
  service: Service,
  statusCode: number,
  answer: WireObject,
  exchange?: { request: PipelineRequest; response: PipelineResponse },
): RestError {
  const error = isWireObject(answer.error) ? answer.error : {};
  return new RestError(typeof error.message === 'string' ? error.message : `${service} answered ${statusCode}`, {
    statusCode,
    ...(typeof error.code === 'string' && { code: error.code }),
    ...exchange,
  });
}

/** The items of one page of a list; throws when it is none. */
export function valuesOf({ value }: WireObject, { service, url }: Pick<Sent, 'service' | 'url'>): WireObject[] {
  if (!Array.isArray(value) || !value.every(isWireObject)) {
    throw new UnusableAnswerError(`${service} answered ${new URL(url).pathname} without a list of objects in 'value'`);
  }
  return value;
}

export function isWireObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object, or one without fields: whoever needs one of them says that it is not there. */
export function objectOf(value: unknown): WireObject {
  return isWireObject(value) ? value : {};
}

function parse(text: string, { service, url }: Pick<Sent, 'service' | 'url'>): WireObject {
  try {
    return objectOf(JSON.parse(text));
  } catch (cause) {
    throw new UnusableAnswerError(`${service} answered ${new URL(url).pathname} with what is not JSON`, { cause });
  }
}
