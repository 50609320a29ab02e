import { parseArmId } from '../model/armId.ts';
import type { RegistrySelector } from '../model/policy.ts';

interface Named {
  id: string;
  name: string;
}

/** How a rule names one of these registries and no other: by its name, and by its place too where several have that name. */
export function selectorsFor(registries: Named[]): (registry: Named) => RegistrySelector {
  const byName = Map.groupBy(registries, ({ name }) => name.toLowerCase());
  return ({ id, name }) => {
    if (byName.get(name.toLowerCase())?.length === 1) return { registry: name };
    const { resourceGroup, subscriptionId } = parseArmId(id);
    return { registry: name, resourceGroup, subscription: subscriptionId };
  };
}
