import { lastSegment } from './armId.ts';
import type { PrivateEndpointConnection, Registry } from './estate.ts';

/**
 * What people call a connection by: its endpoint's name, or its own where it has none; two endpoints of one name are told
 * apart by their ids.
 */
export function endpointName(connection: PrivateEndpointConnection, { privateEndpointConnections }: Registry): string {
  const name = shortName(connection);
  const namesakes = privateEndpointConnections.filter((other) => shortName(other).toLowerCase() === name.toLowerCase());
  return namesakes.length > 1 ? (connection.endpointId ?? connection.name) : name;
}

function shortName({ endpointId, name }: PrivateEndpointConnection): string {
  return endpointId === undefined ? name : lastSegment(endpointId);
}

/** Whether anybody reaches the registry through private link. */
export function hasApprovedEndpoint({ privateEndpointConnections }: Registry): boolean {
  return privateEndpointConnections.some(({ status }) => status === 'Approved');
}
