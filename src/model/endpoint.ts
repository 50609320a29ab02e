import { type ArmId, lastSegment, sameId } from './armId.ts';
import { endpointConnection } from './command.ts';
import type { PrivateEndpointConnection, Registry } from './estate.ts';

/** What a connection is one end of: the id of its endpoint, or its own name where that is lost. */
export function endpointOf({ endpointId, name }: PrivateEndpointConnection): string {
  return endpointId ?? name;
}

/**
 * What people call a connection by: its endpoint's name, or its own where it has none; two endpoints of one name are told
 * apart by their ids. An endpoint that was made anew leaves a connection behind, and is no namesake of itself.
 */
export function endpointName(connection: PrivateEndpointConnection, { privateEndpointConnections }: Registry): string {
  const endpoint = endpointOf(connection);
  const name = lastSegment(endpoint);
  const hasNamesake = privateEndpointConnections
    .map(endpointOf)
    .some((other) => sameId(lastSegment(other), name) && !sameId(other, endpoint));
  return hasNamesake ? endpoint : name;
}

/** Whether anybody reaches the registry through private link. */
export function hasApprovedEndpoint({ privateEndpointConnections }: Registry): boolean {
  return privateEndpointConnections.some(({ status }) => status === 'Approved');
}

/** The private DNS zone in which the clients of a registry's endpoints look it up: privatelink.azurecr.io, .us, .cn. */
export function zoneOf({ loginServer }: Pick<Registry, 'loginServer'>): string {
  return `privatelink${loginServer.slice(loginServer.indexOf('.'))}`;
}

/** `az network private-endpoint dns-zone-group`: gives an endpoint a zone, in a group of its own or in the one it has. */
export function zoneGroup(endpoint: ArmId, zone: string, existing?: string): string {
  const verb = existing === undefined ? 'create' : 'add';
  return `az network private-endpoint dns-zone-group ${verb} --endpoint-name ${endpoint.name} --resource-group ${endpoint.resourceGroup} --subscription ${endpoint.subscriptionId} --name ${existing ?? 'default'} --zone-name ${zone.replaceAll('.', '-')} --private-dns-zone <id of the zone ${zone}>`;
}

/**
 * What gives a registry's clients a private way in: the approval that an endpoint of its own subscription waits for, or an
 * endpoint with its DNS. Whoever knows the registry's id can have another one wait there.
 */
export function wayIn(registry: Registry): string {
  const { id, name, resourceGroup, subscriptionId, privateEndpointConnections } = registry;
  const own = `/subscriptions/${subscriptionId}/`.toLowerCase();
  const waiting = privateEndpointConnections.find(
    (one) => one.status === 'Pending' && one.endpointId?.toLowerCase().startsWith(own),
  );
  if (waiting) return endpointConnection('approve', registry, waiting);
  const endpoint = { name: `pe-${name}`, resourceGroup, subscriptionId };
  return `az network private-endpoint create --name ${endpoint.name} --resource-group ${resourceGroup} --subscription ${subscriptionId} --subnet <id of the clients' subnet> --private-connection-resource-id ${id} --group-id registry --connection-name ${name} && ${zoneGroup(endpoint, zoneOf(registry))}`;
}
