import type { Check } from '../model/check.ts';
import { acrUpdate } from '../model/command.ts';

/** What is kept private can still be imported by any other registry, or taken out by an export pipeline. */
export const exportAllowed: Check = {
  id: 'export-allowed',
  title: 'Private registry lets its images be exported',
  category: 'network',
  severity: 'low',
  needs: ['registries'],
  about: 'exportPolicy',
  run: ({ registries }) =>
    registries
      .filter(({ sku, exposure, exportEnabled }) => sku === 'Premium' && exposure === 'private' && exportEnabled)
      .map((registry) => ({
        resourceId: registry.id,
        reason: `${registry.name} is private, and its images can be imported into another registry or exported all the same.`,
        evidence: { exportPolicy: 'enabled' },
        fix: `Where no other registry imports from it: ${acrUpdate(registry, '--allow-exports false')}`,
      })),
};
