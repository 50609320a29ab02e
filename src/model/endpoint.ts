import { lastSegment, sameId } from './armId.ts';
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
