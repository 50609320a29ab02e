import type { Check } from '../model/check.ts';
import { acr } from '../model/command.ts';

/** A token made for Azure Resource Manager, which travels widely, opens the registry too. */
export const armAudienceTokensAccepted: Check = {
  id: 'arm-audience-tokens-accepted',
  title: 'Registry accepts tokens made for Azure Resource Manager',
  category: 'access',
  severity: 'low',
  needs: ['registries'],
  about: 'armAudienceTokens',
  run: ({ registries }) =>
    registries
      .filter((registry) => registry.armAudienceTokens)
      .map((registry) => ({
        resourceId: registry.id,
        reason: `${registry.name} accepts Entra tokens of the audience of Azure Resource Manager, not only those made for registries.`,
        evidence: { azureADAuthenticationAsArmPolicy: 'enabled' },
        fix: `Let the clients ask for tokens of https://containerregistry.azure.net; then ${acr('config authentication-as-arm update', registry, '--status disabled')}`,
      })),
};
