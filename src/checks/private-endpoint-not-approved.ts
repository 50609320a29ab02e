import { sameId } from '../model/armId.ts';
import type { Check } from '../model/check.ts';
import { endpointConnection } from '../model/command.ts';
import { endpointName, endpointOf } from '../model/endpoint.ts';
import type { PrivateEndpointConnection, Registry } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';

/** Somebody built an endpoint, and it carries nothing: its clients run into timeouts, not into an error that says why. */
export const privateEndpointNotApproved: Check = {
  id: 'private-endpoint-not-approved',
  title: 'Private endpoint is not approved',
  category: 'network',
  severity: 'medium',
  needs: ['registries'],
  run: ({ registries }) =>
    registries.flatMap((registry) => {
      const idle = registry.privateEndpointConnections.filter(({ status }) => status !== 'Approved');
      return [...Map.groupBy(idle, (connection) => endpointOf(connection).toLowerCase()).values()].map((ofOne) =>
        toHit(registry, ofOne),
      );
    }),
};

/** An endpoint that was made anew left its former connection behind: they are one finding. */
function toHit(registry: Registry, connections: PrivateEndpointConnection[]): Hit {
  const all = connections.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const [first] = all;
  if (!first) throw new Error(`no connection of ${registry.id} is to be told`);
  const endpoint = endpointName(first, registry);
  const isReached = registry.privateEndpointConnections.some(
    (one) => one.status === 'Approved' && sameId(endpointOf(one), endpointOf(first)),
  );
  const statuses = all.map(({ name, status }) => (all.length > 1 ? `${status} (connection ${name})` : status));
  return {
    resourceId: registry.id,
    subject: endpoint,
    reason: `The private endpoint ${endpoint} of ${registry.name} is ${statuses.join(' and ')}: ${isReached ? 'what is left beside an approved connection' : 'nobody reaches the registry through it'}.`,
    evidence: {
      endpointId: first.endpointId ?? null,
      status: first.status,
      ...(all.length > 1 && { connections: all.map(({ name, status }) => ({ name, status })) }),
    },
    fix: all.map((connection) => fixOf(registry, connection)).join('; '),
  };
}

function fixOf(registry: Registry, connection: PrivateEndpointConnection): string {
  // A connection that was rejected or lost its endpoint cannot be approved any more: it is made again.
  if (connection.status !== 'Pending') return endpointConnection('delete', registry, connection);
  return `${endpointConnection('approve', registry, connection)}, or ${endpointConnection('reject', registry, connection)}`;
}
