import { lastSegment } from './armId.ts';
import type { PrivateEndpointConnection, Registry } from './estate.ts';

/** What people call a connection by: its endpoint's name; two endpoints of one name are told apart by their ids. */
export function endpointName(
  { endpointId }: PrivateEndpointConnection,
  { privateEndpointConnections }: Registry,
): string {
  const name = lastSegment(endpointId);
  const namesakes = privateEndpointConnections.filter(
    (other) => lastSegment(other.endpointId).toLowerCase() === name.toLowerCase(),
  );
  return namesakes.length > 1 ? endpointId : name;
}

/** Whether anybody reaches the registry through private link. */
export function hasApprovedEndpoint({ privateEndpointConnections }: Registry): boolean {
  return privateEndpointConnections.some(({ status }) => status === 'Approved');
}
