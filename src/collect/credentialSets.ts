import type { CredentialSet as WireSet } from '@azure/arm-containerregistry';
import type { Azure } from '../azure.ts';
import type { CredentialSet, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { given, instant, oneOf, required } from './wire.ts';

/** How a registry signs in to the registries that it caches from, and whether Azure found that to work. */
export async function readCredentialSets(azure: Azure, registry: Registry, gaps: Gap[]): Promise<CredentialSet[]> {
  const sets: CredentialSet[] = [];
  await attempt(gaps, 'credentialSets', registry.id, async () => {
    const list = azure.registries(registry.subscriptionId).credentialSets.list(registry.resourceGroup, registry.name);
    for await (const wire of list) sets.push(toSet(wire, registry.id));
  });
  return sets;
}

function toSet(wire: WireSet, registryId: string): CredentialSet {
  const id = required(wire.id, 'id', `a credential set of ${registryId}`);
  return {
    id,
    name: required(wire.name, 'name', id),
    registryId,
    loginServer: required(wire.loginServer, 'loginServer', id),
    ...given('createdOn', instant(wire.creationDate, 'creationDate', id)),
    credentials: (wire.authCredentials ?? []).map(({ name, passwordSecretIdentifier, credentialHealth }) => ({
      name: required(name, 'the name of a credential', id),
      ...given('secretUrl', passwordSecretIdentifier),
      healthy:
        oneOf(
          required(credentialHealth?.status, 'credentialHealth.status', id),
          ['Healthy', 'Unhealthy'],
          'credentialHealth.status',
          id,
        ) === 'Healthy',
      ...given('errorCode', credentialHealth?.errorCode),
    })),
  };
}
