import type { Check } from '../model/check.ts';
import { acrUpdate } from '../model/command.ts';

/** Azure's own services walk around the network rules, whoever's subscription they run in. */
export const trustedServicesBypass: Check = {
  id: 'trusted-services-bypass',
  title: 'Trusted Azure services bypass the network rules',
  category: 'network',
  severity: 'low',
  needs: ['registries'],
  about: 'bypass',
  run: ({ registries }) =>
    registries
      .filter(({ sku, exposure }) => sku === 'Premium' && exposure !== 'public')
      .filter(({ networkRuleBypass }) => networkRuleBypass === 'AzureServices')
      .map((registry) => ({
        resourceId: registry.id,
        reason: `Services that Azure trusts reach ${registry.name} past its network rules.`,
        evidence: { networkRuleBypassOptions: 'AzureServices', exposure: registry.exposure },
        fix: `Give the services that need it a private endpoint; then ${acrUpdate(registry, '--allow-trusted-services false')}`,
      })),
};
