import { ladderStep, weighed } from '../access/expiry.ts';
import { hit } from '../access/judge.ts';
import { removal } from '../access/rotation.ts';
import { nameOf } from '../access/wording.ts';
import type { Check } from '../model/check.ts';
import { minuteOf } from '../model/instant.ts';

/** An old credential beside its newer replacement: remove it before its end looks like an outage. */
export const credentialSuperseded: Check = {
  id: 'credential-superseded',
  title: 'Credential is superseded and can be removed',
  category: 'credentials',
  severity: 'low',
  needs: ['tokens', 'scopeMaps', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'applications'],
  run: ({ credentials, now, policy }) => {
    return credentials.flatMap((credential) => {
      const { expiresOn, supersededBy, state } = credential;
      if (!expiresOn || !supersededBy || state === 'disabled') return [];
      if (state !== 'expired' && !ladderStep(expiresOn, now, policy.expiry)) return [];
      const reason = `The ${nameOf(credential)}, ${state === 'expired' ? 'expired' : 'which expires'} on ${minuteOf(expiresOn)}, is superseded by ${supersededBy}.`;
      return hit(credential, reason, weighed('low', credential, policy.expiry), removal(credential));
    });
  },
};
