import { byRegistry } from '../model/byRegistry.ts';
import type { Check } from '../model/check.ts';
import type { Registry } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';
import { sameRegion } from '../model/region.ts';

/** One data centre down, and the region's copy is down. */
export const zoneRedundancyDisabled: Check = {
  id: 'zone-redundancy-disabled',
  title: 'Registry is not spread over zones',
  category: 'hygiene',
  severity: 'low',
  needs: ['registries', 'replications'],
  run: ({ registries, replications }) => {
    const replicasOf = byRegistry(replications);
    return registries
      .filter(({ sku }) => sku === 'Premium')
      .flatMap((registry) => {
        const replicas = replicasOf(registry)
          // The home region is judged by the registry itself.
          .filter(({ zoneRedundant, location }) => !zoneRedundant && !sameRegion(location, registry.location))
          .map(({ location }) => ofReplica(registry, location));
        return registry.zoneRedundant ? replicas : [ofRegistry(registry), ...replicas];
      });
  },
};

function ofRegistry({ id, name, location, resourceGroup }: Registry): Hit {
  return {
    resourceId: id,
    reason: `${name} is not spread over the zones of ${location}: an outage of one data centre can stop every pull.`,
    evidence: { location, zoneRedundancy: 'Disabled' },
    fix: `Zones are chosen when a registry is made: az acr create --name <new name> --resource-group ${resourceGroup} --location ${location} --sku Premium --zone-redundancy enabled, then az acr import what ${name} holds`,
  };
}

function ofReplica({ id, name, subscriptionId }: Registry, location: string): Hit {
  const command = `--registry ${name} --subscription ${subscriptionId}`;
  return {
    resourceId: id,
    subject: location,
    reason: `The replica of ${name} in ${location} is not spread over zones.`,
    evidence: { location, zoneRedundancy: 'Disabled' },
    fix: `az acr replication delete ${command} --name ${location}, then az acr replication create ${command} --location ${location} --zone-redundancy enabled`,
  };
}
