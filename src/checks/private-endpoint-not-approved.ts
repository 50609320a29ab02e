import type { Check } from '../model/check.ts';
import { endpointName } from '../model/endpoint.ts';
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
    registries.flatMap((registry) =>
      registry.privateEndpointConnections
        .filter(({ status }) => status !== 'Approved')
        .map((connection) => toHit(registry, connection)),
    ),
};

function toHit(registry: Registry, connection: PrivateEndpointConnection): Hit {
  const { id, name, subscriptionId } = registry;
  const { endpointId, status } = connection;
  const endpoint = endpointName(connection, registry);
  const command = (verb: string): string =>
    `az acr private-endpoint-connection ${verb} --registry-name ${name} --subscription ${subscriptionId} --name ${connection.name}`;
  return {
    resourceId: id,
    subject: endpoint,
    reason: `The private endpoint ${endpoint} of ${name} is ${status}: nobody reaches the registry through it.`,
    evidence: { endpointId: endpointId ?? null, status },
    // A connection that was rejected or lost its endpoint cannot be approved any more: it is made again.
    fix: status === 'Pending' ? `${command('approve')}, or ${command('reject')}` : command('delete'),
  };
}
