import type { Check, CheckInput } from '../model/check.ts';
import { endOf, fitsRegistry, POLICY_ID } from '../model/exception.ts';
import { gapCovers } from '../model/gap.ts';
import type { Policy } from '../model/policy.ts';
import type { Source } from '../model/source.ts';

/** An exception for a registry that is gone would mute the next one of that name. */
export const exceptionOrphaned: Check = {
  id: 'exception-orphaned',
  title: 'Exception is for a registry that is not there',
  category: 'coverage',
  severity: 'low',
  needs: ['registries'],
  shard: 'tenant',
  run: (input) =>
    input.policy.exceptions
      .filter((exception) => input.now < endOf(exception) && isGone(exception.registry, input))
      .map(({ check, registry, subject, owner, until }) => ({
        resourceId: POLICY_ID,
        subject: [check, registry, ...(subject ? [subject] : [])].join('/'),
        reason: `The exception of ${check} names ${registry}, and there is no such registry; it would mute the next one of that name until ${until}.`,
        evidence: { check, registry, ...(subject && { subject }), owner, until },
        owners: [owner],
        fix: `Remove the exception of ${check} for ${registry} from warden.yaml, or correct the name of the registry`,
      })),
};

/** What hides that a registry is there. */
const WHERE: Source[] = ['registries', 'subscriptions', 'managementGroups'];

/** Its scope was read and it is not there; a name may be anywhere, so any part that was not read leaves it open. */
function isGone(wanted: string, { registries, excluded, subscriptions, gaps, policy }: CheckInput): boolean {
  // Both are about what is of no registry, too.
  if (wanted === '*' || isOfNone(wanted)) return false;
  const there = [...registries.map(({ id }) => id), ...excluded];
  if (there.some((id) => fitsRegistry(id, wanted))) return false;
  const unread = gaps.filter(({ source }) => WHERE.includes(source));
  if (!wanted.startsWith('/')) return isWholeTenant(policy) && unread.length === 0;
  const isSwept = subscriptions.some(({ subscriptionId }) =>
    wanted.toLowerCase().startsWith(`/subscriptions/${subscriptionId.toLowerCase()}/`),
  );
  return isSwept && !unread.some((gap) => gapCovers(gap, wanted));
}

/** Whether it is the id of something that is no part of a registry, or the address of a vault. */
function isOfNone(wanted: string): boolean {
  return /^(\/|https:)/i.test(wanted) && !/\/Microsoft\.ContainerRegistry\//i.test(wanted);
}

/** Whether all is swept that can be seen. */
function isWholeTenant({ scope }: Policy): boolean {
  return !scope.subscriptions && !scope.managementGroups;
}
