import type { Azure } from '../azure.ts';
import { messages } from '../causes.ts';
import { clockSkew } from '../collect/clock.ts';
import type { Examined } from './examined.ts';

/** More than this moves what "expired" means, and the order of sweeps of two machines; tokens bear five minutes. */
const MOST_MS = 60_000;

/** This machine's clock against the Date header of Azure Resource Manager, which counts whole seconds. */
export async function examineClock(azure: Azure, clock: () => Date): Promise<Examined> {
  const base = { area: 'clock', scope: azure.cloud.arm, what: 'clock' } as const;
  try {
    return { ...base, ...judged(await clockSkew(azure, clock)) };
  } catch (error) {
    return { ...base, verdict: 'unknown', detail: messages(error) };
  }
}

function judged(skew: number | undefined): Pick<Examined, 'verdict' | 'detail' | 'fix'> {
  if (skew === undefined) return { verdict: 'not-tested', detail: 'the answer carries no date' };
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (Math.abs(skew) <= MOST_MS) return { verdict: 'ok', detail: `within ${Math.max(1, seconds)} s of Azure's` };
  const detail = `${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} Azure's`;
  return { verdict: 'wrong', detail, fix: 'Set the clock of this machine by a time server' };
}
