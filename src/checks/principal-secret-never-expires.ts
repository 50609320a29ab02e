import { neverExpiring } from '../access/judge.ts';
import type { Check } from '../model/check.ts';

/** A secret or certificate without an end stays good for whoever ever copied it. */
export const principalSecretNeverExpires: Check = {
  id: 'principal-secret-never-expires',
  title: 'Service principal secret or certificate never expires',
  category: 'credentials',
  severity: 'medium',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'applications'],
  run: (input) => neverExpiring(['client-secret', 'client-certificate', 'saml-certificate'], input),
};
