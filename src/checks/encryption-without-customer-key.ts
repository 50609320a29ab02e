import type { Check } from '../model/check.ts';

/** Who must be able to take the key away cannot, as long as Azure keeps it. */
export const encryptionWithoutCustomerKey: Check = {
  id: 'encryption-without-customer-key',
  title: 'Registry is encrypted with a key of Azure',
  category: 'hygiene',
  severity: 'info',
  needs: ['registries'],
  run: ({ registries }) =>
    registries
      .filter(({ sku, customerKey }) => sku === 'Premium' && !customerKey)
      .map(({ id, name, resourceGroup, location }) => ({
        resourceId: id,
        reason: `${name} is encrypted with a key that Azure keeps, not with one of your own vault.`,
        evidence: { encryption: 'disabled' },
        // A customer's key can be given only when a registry is made: Azure documents no way to add it later.
        fix: `A key can be given only to a new registry: az acr create --name <new name> --resource-group ${resourceGroup} --location ${location} --sku Premium --identity <id of an identity> --key-encryption-key <id of the key>, then az acr import what ${name} holds`,
      })),
};
