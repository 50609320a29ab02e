import type { Check } from '../model/check.ts';
import { acr } from '../model/command.ts';

/** What is deleted by mistake is gone at once. */
export const softDeleteDisabled: Check = {
  id: 'soft-delete-disabled',
  title: 'Deleted images cannot be brought back',
  category: 'hygiene',
  severity: 'low',
  needs: ['registries', 'softDelete'],
  run: ({ registries }) =>
    registries
      .filter(({ softDelete }) => softDelete === false)
      .map((registry) => ({
        resourceId: registry.id,
        reason: `What is deleted from ${registry.name} is gone at once.`,
        evidence: { softDeletePolicy: 'disabled' },
        fix: acr('config soft-delete update', registry, '--days 7 --status enabled'),
      })),
};
