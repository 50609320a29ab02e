import type { Azure } from '../azure.ts';
import type { Registry, Usage } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { oneOf, required } from './wire.ts';

/** How much of its limits a registry uses; a limit of -1 is none (wire: listUsages). */
export async function readUsages(azure: Azure, registry: Registry, gaps: Gap[]): Promise<Usage[]> {
  const { id, subscriptionId, resourceGroup, name } = registry;
  const usages = await attempt(gaps, 'usages', id, async () => {
    const { value } = await azure.registries(subscriptionId).registries.listUsages(resourceGroup, name);
    return required(value, 'a list of usages', id).map((wire): Usage => {
      const usage = required(wire.name, 'the name of a usage', id);
      return {
        registryId: id,
        name: usage,
        limit: required(wire.limit, `the limit of ${usage}`, id),
        currentValue: required(wire.currentValue, `the current value of ${usage}`, id),
        unit: oneOf(required(wire.unit, `the unit of ${usage}`, id), ['Bytes', 'Count'], `${usage} in unit`, id),
      };
    });
  });
  return usages ?? [];
}
