import type { Check } from '../model/check.ts';
import { acrUpdate } from '../model/command.ts';

/** The admin account is one shared password with push rights and no owner. */
export const adminAccountEnabled: Check = {
  id: 'admin-account-enabled',
  title: 'Registry admin account is enabled',
  category: 'access',
  severity: 'high',
  needs: ['registries'],
  about: 'adminUser',
  run: ({ registries }) =>
    registries
      .filter((registry) => registry.adminUserEnabled)
      .map((registry) => ({
        resourceId: registry.id,
        reason: `The admin account of ${registry.name} is enabled: one shared password that may push and never expires.`,
        evidence: { adminUserEnabled: true },
        fix: `Give each of its clients an identity or a token of its own; then ${acrUpdate(registry, '--admin-enabled false')}`,
      })),
};
