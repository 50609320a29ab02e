import { CHECKS } from '../checks/index.ts';
import { takesPart } from '../judge.ts';
import type { Policy } from '../model/policy.ts';
import { SOURCES, withPrerequisites } from '../model/source.ts';
import { TENANT_SHARD } from '../model/sweep.ts';

/** A permission that a sweep under a policy uses. */
export interface Needed {
  permission: string;
  /** ids of the checks that see nothing without it; empty: it only says who and when */
  blinds: string[];
}

/** Any shard of a subscription: which one makes no difference to what takes part. */
const SOME_SUBSCRIPTION = 'subscription';

/** Every permission of every source, less those that only checks need which the policy leaves out. */
export function neededPermissions(policy: Policy): Needed[] {
  const permissions = new Set(Object.values(SOURCES).map(({ permission }) => permission));
  const needed: Needed[] = [];
  for (const permission of [...permissions].sort()) {
    const users = CHECKS.filter(({ needs }) =>
      [...withPrerequisites(needs)].some((source) => SOURCES[source].permission === permission),
    );
    const active = users.filter(
      (check) => takesPart(check, TENANT_SHARD, policy) || takesPart(check, SOME_SUBSCRIPTION, policy),
    );
    if (users.length === 0 || active.length > 0) needed.push({ permission, blinds: active.map(({ id }) => id) });
  }
  return needed;
}
