import type { Azure } from '../azure.ts';
import type { Registry, Replication } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { given, required } from './wire.ts';

/** The regions in which a registry is kept; without geo-replication the list is empty or its home region alone. */
export async function readReplications(azure: Azure, registry: Registry, gaps: Gap[]): Promise<Replication[]> {
  const replications: Replication[] = [];
  await attempt(gaps, 'replications', registry.id, async () => {
    const list = azure.registries(registry.subscriptionId).replications.list(registry.resourceGroup, registry.name);
    for await (const wire of list) {
      const id = required(wire.id, 'id', `a replication of ${registry.id}`);
      replications.push({
        id,
        name: required(wire.name, 'name', id),
        registryId: registry.id,
        location: required(wire.location, 'location', id),
        provisioningState: required(wire.provisioningState, 'provisioningState', id),
        ...given('displayStatus', wire.status?.displayStatus),
        // Off where the wire says nothing, as with the registry itself.
        zoneRedundant: (wire.zoneRedundancy ?? 'Disabled').toLowerCase() === 'enabled',
      });
    }
  });
  return replications;
}
