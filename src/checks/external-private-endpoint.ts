import type { Check } from '../model/check.ts';
import { endpointConnection } from '../model/command.ts';
import { endpointName } from '../model/endpoint.ts';
import type { PrivateEndpointConnection, Registry } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';

/** Somebody else's network has a private way in. */
export const externalPrivateEndpoint: Check = {
  id: 'external-private-endpoint',
  title: 'Private endpoint belongs to a subscription of somebody else',
  category: 'network',
  severity: 'high',
  needs: ['registries'],
  run: ({ registries, tenantSubscriptions }) => {
    // With a broken list of subscriptions nobody can say which are ours.
    if (!tenantSubscriptions) return [];
    const ours = new Set(tenantSubscriptions.map((id) => id.toLowerCase()));
    return registries.flatMap((registry) =>
      registry.privateEndpointConnections
        .filter(({ status }) => status === 'Approved')
        .filter((connection) => !ours.has(subscriptionOf(connection).toLowerCase()))
        .map((connection) => toHit(registry, connection)),
    );
  },
};

function subscriptionOf({ endpointId = '' }: PrivateEndpointConnection): string {
  return /^\/subscriptions\/([^/]+)/i.exec(endpointId)?.[1] ?? '';
}

function toHit(registry: Registry, connection: PrivateEndpointConnection): Hit {
  const { id, name } = registry;
  const endpoint = endpointName(connection, registry);
  const owner = subscriptionOf(connection);
  return {
    resourceId: id,
    subject: endpoint,
    reason: `The approved private endpoint ${endpoint} of ${name} lies in subscription ${owner}, which is none of this tenant's that can be seen.`,
    evidence: { endpointId: connection.endpointId ?? null },
    fix: `${endpointConnection('delete', registry, connection)} # unless a contract with the owner of ${owner} wants it`,
  };
}
