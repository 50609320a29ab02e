import { expiring } from '../access/judge.ts';
import type { Check } from '../model/check.ts';

/** A service principal's secret ends within the ladder: every registry that it opens loses that client. */
export const principalSecretExpiring: Check = {
  id: 'principal-secret-expiring',
  title: 'Service principal secret expires soon',
  category: 'credentials',
  severity: 'medium',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'applications'],
  run: (input) => expiring(['client-secret'], input),
};
