import { ladderStep, weighed } from '../access/expiry.ts';
import { hit } from '../access/judge.ts';
import { removal } from '../access/rotation.ts';
import { nameOf } from '../access/wording.ts';
import type { Check } from '../model/check.ts';
import type { Credential } from '../model/credential.ts';
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
      return hit(credential, reason, weighed('low', credential, policy.expiry), fixFor(credential));
    });
  },
};

/** What still works may still be in use. */
function fixFor(credential: Credential): string {
  const { kind, state, supersededBy } = credential;
  const remove = removal(credential);
  // Nobody reads which signing certificate is the active one, and one that has ended still may be.
  if (kind === 'saml-certificate') return `once every client uses ${supersededBy} and it is the active one: ${remove}`;
  return state === 'expired' ? remove : `once every client uses ${supersededBy}: ${remove}`;
}
