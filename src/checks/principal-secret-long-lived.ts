import { lifetimeDays, weighed } from '../access/expiry.ts';
import { hit, ofKinds } from '../access/judge.ts';
import { rotation } from '../access/rotation.ts';
import { nameOf, reachOf } from '../access/wording.ts';
import type { Check } from '../model/check.ts';

/** A secret made to last for years outlives the people and the machines that know it. */
export const principalSecretLongLived: Check = {
  id: 'principal-secret-long-lived',
  title: 'Service principal secret was made to last too long',
  category: 'credentials',
  severity: 'low',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'applications'],
  run: (input) => {
    const { expiry } = input.policy;
    return ofKinds(input.credentials, ['client-secret']).flatMap((credential) => {
      const days = lifetimeDays(credential);
      if (credential.state !== 'usable' || days === undefined || days <= expiry.longestLifetime) return [];
      const reason = `The ${nameOf(credential)} was made to last ${days} days, ${expiry.longestLifetime} are allowed; it allows ${reachOf(credential)}.`;
      return hit(credential, reason, weighed('low', credential, expiry), rotation(credential, input));
    });
  },
};
