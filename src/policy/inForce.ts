import type { Policy, PolicyProblem } from '../model/policy.ts';
import { DEFAULT_POLICY, PolicyError, parsePolicy } from '../policy.ts';
import type { Store } from '../state/store.ts';

/** Where people upload the policy, beside the state. */
export const UPLOADED = 'policy/warden.yaml';
/** The newest one that could be used, kept by the app. */
const LAST_GOOD = 'policy/last-good.yaml';

export interface PolicyInForce {
  policy: Policy;
  /** the uploaded one cannot be used, and this is what is wrong with it */
  policyProblem?: PolicyProblem;
}

/**
 * The policy that holds: the uploaded one; where it has mistakes, the newest one before it that had none; the default
 * where nothing was uploaded. Throws only when the store cannot be read.
 */
export async function policyInForce(store: Store): Promise<PolicyInForce> {
  return judged(store, (await store.read(UPLOADED))?.text);
}

/** The policy in force; a good one is kept, so that a bad one after it does no harm. */
export async function takePolicy(store: Store): Promise<PolicyInForce> {
  const text = (await store.read(UPLOADED))?.text;
  const inForce = await judged(store, text);
  if (inForce.policyProblem) return inForce;
  // Taken away on purpose: it must not come back when the next one has a mistake.
  if (text === undefined) await store.remove(LAST_GOOD);
  else if ((await store.read(LAST_GOOD))?.text !== text) await store.write(LAST_GOOD, text);
  return inForce;
}

async function judged(store: Store, text: string | undefined): Promise<PolicyInForce> {
  if (text === undefined) return { policy: DEFAULT_POLICY };
  try {
    return { policy: parsePolicy(text, UPLOADED) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const kept = await lastGood(store);
    const problems = error.message.split('\n');
    return {
      policy: kept ?? DEFAULT_POLICY,
      policyProblem: { place: store.place, name: UPLOADED, problems, inForce: kept ? 'last-good' : 'default' },
    };
  }
}

/** One that an older program took may be refused by this one. */
async function lastGood(store: Store): Promise<Policy | undefined> {
  const kept = await store.read(LAST_GOOD);
  try {
    return kept && parsePolicy(kept.text, LAST_GOOD);
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}
