import type { Check } from '../model/check.ts';
import { endOf, POLICY_ID } from '../model/exception.ts';

/** An exception has ended: what it muted counts again, and somebody has to decide anew. */
export const exceptionExpired: Check = {
  id: 'exception-expired',
  title: 'Exception of the policy has ended',
  category: 'coverage',
  severity: 'medium',
  needs: [],
  shard: 'tenant',
  run: ({ policy, now }) =>
    policy.exceptions
      .filter((exception) => endOf(exception) <= now)
      .map(({ check, registry, subject, owner, reason, until }) => ({
        resourceId: POLICY_ID,
        subject: [check, registry, ...(subject ? [subject] : [])].join('/'),
        reason: `The exception of ${check} for ${registry} ended on ${until}; ${owner} wanted it: "${reason}".`,
        evidence: { check, registry, ...(subject && { subject }), owner, until },
        owners: [owner],
        fix: `Mend what ${check} finds on ${registry} and remove the exception from warden.yaml, or give it a later "until" with a reason that holds today`,
      })),
};
