import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { Azure } from '../azure.ts';
import { messages } from '../causes.ts';
import type { Examined } from './examined.ts';

/** More than this moves what "expired" means, and the order of sweeps of two machines; tokens bear five minutes. */
const MOST_MS = 60_000;

/** This machine's clock against the Date header of Azure Resource Manager, which counts whole seconds. */
export async function examineClock(azure: Azure, clock: () => Date): Promise<Examined> {
  const base = { area: 'clock', scope: azure.cloud.arm, what: 'clock' } as const;
  const before = clock().getTime();
  const request = createPipelineRequest({
    url: `${azure.cloud.arm}/subscriptions?api-version=2022-12-01`,
    headers: createHttpHeaders({ accept: 'application/json' }),
  });
  try {
    const { headers } = await azure.arm.sendRequest(azure.httpClient, request);
    return { ...base, ...judged(Date.parse(headers.get('date') ?? ''), before, clock().getTime()) };
  } catch (error) {
    return { ...base, verdict: 'unknown', detail: messages(error) };
  }
}

/** `there`: what Azure's clock said at some moment between `before` and `after`, milliseconds. */
function judged(there: number, before: number, after: number): Pick<Examined, 'verdict' | 'detail' | 'fix'> {
  if (Number.isNaN(there)) return { verdict: 'not-tested', detail: 'the answer carries no date' };
  const skew = there < before ? there - before : there > after ? there - after : 0;
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (Math.abs(skew) <= MOST_MS) return { verdict: 'ok', detail: `within ${Math.max(1, seconds)} s of Azure's` };
  const detail = `${seconds} s ${skew < 0 ? 'ahead of' : 'behind'} Azure's`;
  return { verdict: 'wrong', detail, fix: 'Set the clock of this machine by a time server' };
}
