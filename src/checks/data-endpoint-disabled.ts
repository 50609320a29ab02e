import type { Check } from '../model/check.ts';
import { acr, acrUpdate } from '../model/command.ts';
import { hasApprovedEndpoint } from '../model/endpoint.ts';
import type { Registry } from '../model/estate.ts';
import { regionName } from '../model/region.ts';

/** Layers come from a storage address shared by all of Azure, so every client's firewall has to let all of it through. */
export const dataEndpointDisabled: Check = {
  id: 'data-endpoint-disabled',
  title: 'Registry has no dedicated data endpoint',
  category: 'network',
  severity: 'low',
  needs: ['registries'],
  about: 'dataEndpoint',
  run: ({ registries }) =>
    registries
      .filter(({ sku, dataEndpointEnabled }) => sku === 'Premium' && !dataEndpointEnabled)
      .filter((registry) => registry.exposure === 'selected-networks' || hasApprovedEndpoint(registry))
      .map((registry) => ({
        resourceId: registry.id,
        reason: `${registry.name} restricts who reaches it, but hands out layers from *.blob.core.windows.net: its clients' firewalls must allow all of that.`,
        evidence: { dataEndpointEnabled: false, exposure: registry.exposure },
        fix: `Allow ${homeHost(registry)}, and the same of each other region of ${acr('replication list', registry)}, in the clients' firewalls${hasApprovedEndpoint(registry) ? ', and keep a record of each in the private DNS zone' : ''}; then ${acrUpdate(registry, '--data-endpoint-enabled true')}`,
      })),
};

/** The login server with its region in the middle: it may have a label that the registry's name has not. */
function homeHost({ location, loginServer }: Registry): string {
  const dot = loginServer.indexOf('.');
  return `${loginServer.slice(0, dot)}.${regionName(location)}.data${loginServer.slice(dot)}`;
}
