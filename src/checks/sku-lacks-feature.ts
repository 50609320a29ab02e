import type { Check } from '../model/check.ts';
import { acrUpdate } from '../model/command.ts';
import type { Registry } from '../model/estate.ts';
import { expectedByPolicy } from '../model/expectation.ts';
import type { Hit } from '../model/finding.ts';
import type { PostureExpectation } from '../model/policy.ts';

/** The policy asks for what the tier cannot do: no command but a change of tier mends it. */
export const skuLacksFeature: Check = {
  id: 'sku-lacks-feature',
  title: 'Registry tier cannot do what the policy expects',
  category: 'operations',
  severity: 'medium',
  needs: ['registries'],
  about: 'sku',
  run: ({ registries, policy }) =>
    registries.flatMap((registry) => {
      const expected = expectedByPolicy(registry, policy);
      const lacking = expected && registry.sku !== 'Premium' ? lacks(registry, expected) : [];
      return lacking.length > 0 ? [toHit(registry, lacking)] : [];
    }),
};

/** Tiers: network rules, private link, export policy and data endpoints are Premium's; anonymous pull begins with Standard. */
function lacks({ sku }: Registry, expected: PostureExpectation): string[] {
  const { exposure, ipRules, bypass, exportPolicy, dataEndpoint, anonymousPull } = expected;
  const lacking: string[] = [];
  if (exposure === 'private') lacking.push('private endpoints');
  if (exposure === 'selected-networks' || ipRules) lacking.push('network rules');
  if (bypass === 'None') lacking.push('network rules without a bypass');
  if (exportPolicy === 'disabled') lacking.push('an export policy');
  if (dataEndpoint) lacking.push('dedicated data endpoints');
  if (anonymousPull && sku !== 'Standard') lacking.push('anonymous pull');
  return lacking;
}

function toHit(registry: Registry, lacking: string[]): Hit {
  const { id, name, sku } = registry;
  const enough = lacking.every((feature) => feature === 'anonymous pull') ? 'Standard' : 'Premium';
  return {
    resourceId: id,
    reason: `The policy expects ${lacking.join(', ')} of ${name}, and it is ${sku}: that begins with ${enough}.`,
    evidence: { sku, lacking },
    fix: `${acrUpdate(registry, `--sku ${enough}`)}, or expect of it what ${sku} can do`,
  };
}
