import type { Check } from '../model/check.ts';

/** An image can be pulled before anything has looked at it. */
export const quarantineDisabled: Check = {
  id: 'quarantine-disabled',
  title: 'Images can be pulled before they are scanned',
  category: 'hygiene',
  severity: 'info',
  needs: ['registries'],
  run: ({ registries }) =>
    registries
      .filter(({ sku, quarantine }) => sku === 'Premium' && !quarantine)
      .map(({ id, name }) => ({
        resourceId: id,
        reason: `Images of ${name} can be pulled as soon as they are pushed, before a scanner has released them.`,
        evidence: { quarantinePolicy: 'disabled' },
        fix: `First set up what releases images, then az resource update --ids ${id} --api-version 2025-11-01 --set properties.policies.quarantinePolicy.status=enabled`,
      })),
};
