import type { Check } from '../model/check.ts';
import { acrUpdate } from '../model/command.ts';
import type { Sku } from '../model/estate.ts';

const TIERS: readonly Sku[] = ['Classic', 'Basic', 'Standard', 'Premium'];

/** A tier below what production needs: fewer operations a minute, less storage, no network rules. */
export const skuBelowMinimum: Check = {
  id: 'sku-below-minimum',
  title: 'Registry tier is below the minimum',
  category: 'hygiene',
  severity: 'low',
  needs: ['registries'],
  about: 'sku',
  run: ({ registries, policy }) => {
    const { minimumSku } = policy.hygiene;
    return registries
      .filter(({ sku }) => TIERS.indexOf(sku) < TIERS.indexOf(minimumSku))
      .map((registry) => ({
        resourceId: registry.id,
        reason: `${registry.name} is ${registry.sku}; the policy wants ${minimumSku} at the least.`,
        evidence: { sku: registry.sku, minimumSku },
        fix: acrUpdate(registry, `--sku ${minimumSku}`),
      }));
  },
};
