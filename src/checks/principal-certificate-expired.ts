import { expired } from '../access/judge.ts';
import type { Check } from '../model/check.ts';

/** A certificate has ended: sign-in with it fails. Critical when it was its holder's last credential. */
export const principalCertificateExpired: Check = {
  id: 'principal-certificate-expired',
  title: 'Service principal certificate has expired',
  category: 'credentials',
  severity: 'critical',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'applications'],
  run: (input) => expired(['client-certificate', 'saml-certificate'], input),
};
