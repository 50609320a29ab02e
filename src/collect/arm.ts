import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import type { Azure } from '../azure.ts';
import { UnusableAnswerError } from './attempt.ts';

/** An answer of Azure Resource Manager whose fields are checked by whoever reads them. */
export type ArmObject = Record<string, unknown>;

/**
 * One page after another of an ARM collection that has no SDK here; `path` begins with `/` and carries its
 * `api-version`. Throws a RestError as the SDKs do; the guard refuses a `nextLink` to another host.
 */
export async function* armPages(azure: Azure, path: string): AsyncGenerator<ArmObject> {
  let url: string | undefined = `${azure.cloud.arm}${path}`;
  while (url) {
    const page: ArmObject = await armSend(azure, url);
    if (!Array.isArray(page.value) || !page.value.every(isArmObject)) {
      throw new UnusableAnswerError(`ARM answered ${new URL(url).pathname} without a list of objects in 'value'`);
    }
    yield* page.value;
    url = typeof page.nextLink === 'string' && page.nextLink !== '' ? page.nextLink : undefined;
  }
}

/** One ARM resource or answer by its path with `api-version`; throws a RestError as the SDKs do. */
export function armGet(azure: Azure, path: string): Promise<ArmObject> {
  return armSend(azure, `${azure.cloud.arm}${path}`);
}

export function isArmObject(value: unknown): value is ArmObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function armSend(azure: Azure, url: string): Promise<ArmObject> {
  const headers = createHttpHeaders({ accept: 'application/json' });
  const request = createPipelineRequest({ url, method: 'GET', headers });
  const response = await azure.arm.sendRequest(azure.httpClient, request);
  const answer = parse(response.bodyAsText ?? '', url);
  if (response.status === 200) return answer;
  const error = isArmObject(answer.error) ? answer.error : {};
  throw new RestError(typeof error.message === 'string' ? error.message : `ARM answered ${response.status}`, {
    statusCode: response.status,
    ...(typeof error.code === 'string' && { code: error.code }),
    request,
    response,
  });
}

function parse(text: string, url: string): ArmObject {
  try {
    const value: unknown = JSON.parse(text);
    return isArmObject(value) ? value : {};
  } catch (cause) {
    throw new UnusableAnswerError(`ARM answered ${new URL(url).pathname} with what is not JSON`, { cause });
  }
}
