import type { Check } from '../model/check.ts';
import { hasApprovedEndpoint } from '../model/endpoint.ts';
import type { Registry } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';

/** The public door is shut and no private one is open: every pull fails. */
export const registryUnreachable: Check = {
  id: 'registry-unreachable',
  title: 'Registry cannot be reached by anybody',
  category: 'network',
  severity: 'high',
  needs: ['registries'],
  about: 'exposure',
  run: ({ registries }) =>
    registries
      .filter((registry) => registry.sku === 'Premium' && registry.exposure === 'private')
      .filter((registry) => !hasApprovedEndpoint(registry))
      .map(toHit),
};

function toHit({ id, name, subscriptionId, resourceGroup, privateEndpointConnections }: Registry): Hit {
  const [waiting] = privateEndpointConnections.filter(({ status }) => status === 'Pending');
  const endpoints = privateEndpointConnections.map(({ endpointId, status }) => ({
    endpointId: endpointId ?? null,
    status,
  }));
  return {
    resourceId: id,
    reason: `Public network access of ${name} is disabled and it has no approved private endpoint: nobody can pull from it.`,
    evidence: { publicNetworkAccess: 'Disabled', endpoints },
    fix: waiting
      ? `az acr private-endpoint-connection approve --registry-name ${name} --subscription ${subscriptionId} --name ${waiting.name}`
      : `az network private-endpoint create --name pe-${name} --resource-group ${resourceGroup} --subscription ${subscriptionId} --subnet <id of the clients' subnet> --private-connection-resource-id ${id} --group-id registry --connection-name ${name}`,
  };
}
