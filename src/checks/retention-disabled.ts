import type { Check } from '../model/check.ts';
import { acr } from '../model/command.ts';

/** Manifests without a tag pile up: nobody can name them, everybody pays for them. */
export const retentionDisabled: Check = {
  id: 'retention-disabled',
  title: 'Untagged manifests are kept forever',
  category: 'hygiene',
  severity: 'info',
  needs: ['registries'],
  run: ({ registries }) =>
    registries
      .filter(({ sku, retention }) => sku === 'Premium' && !retention)
      .map((registry) => ({
        resourceId: registry.id,
        reason: `${registry.name} keeps manifests that lost their tag forever.`,
        evidence: { retentionPolicy: 'disabled' },
        fix: acr('config retention update', registry, '--type UntaggedManifests --days 30 --status enabled'),
      })),
};
