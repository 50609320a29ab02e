import { expiring } from '../access/judge.ts';
import type { Check } from '../model/check.ts';

/** A certificate ends within the ladder and nothing newer is in place; a SAML pair counts once, and low. */
export const principalCertificateExpiring: Check = {
  id: 'principal-certificate-expiring',
  title: 'Service principal certificate expires soon',
  category: 'credentials',
  severity: 'medium',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'applications'],
  run: (input) => expiring(['client-certificate', 'saml-certificate'], input),
};
