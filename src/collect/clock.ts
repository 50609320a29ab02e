import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { Azure } from '../azure.ts';

/** A plan is refused where clocks differ by more. Tokens bear as much; sweeps are an hour apart. */
export const MOST_SKEW_MS = 5 * 60 * 1000;

/**
 * How far this machine's clock is ahead of Azure's, milliseconds (behind: negative), by the Date header of Azure Resource
 * Manager, which counts whole seconds; undefined: the answer carries none. Throws when there is no answer.
 */
export async function clockSkew(azure: Azure, clock: () => Date): Promise<number | undefined> {
  const before = clock().getTime();
  const request = createPipelineRequest({
    url: `${azure.cloud.arm}/subscriptions?api-version=2022-12-01`,
    headers: createHttpHeaders({ accept: 'application/json' }),
  });
  const { headers } = await azure.arm.sendRequest(azure.httpClient, request);
  const after = clock().getTime();
  const there = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(there)) return undefined;
  if (there < before) return before - there;
  return there > after ? after - there : 0;
}
