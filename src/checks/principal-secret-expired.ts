import { expired } from '../access/judge.ts';
import type { Check } from '../model/check.ts';

/** A service principal's secret has ended: sign-in, and with it every pull, fails. Critical when it was its last. */
export const principalSecretExpired: Check = {
  id: 'principal-secret-expired',
  title: 'Service principal secret has expired',
  category: 'credentials',
  severity: 'critical',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'applications'],
  run: (input) => expired(['client-secret'], input),
};
