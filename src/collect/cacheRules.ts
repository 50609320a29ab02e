import type { Azure } from '../azure.ts';
import type { CacheRule, Registry } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { required } from './wire.ts';

/** What a registry mirrors from elsewhere. */
export async function readCacheRules(azure: Azure, registry: Registry, gaps: Gap[]): Promise<CacheRule[]> {
  const rules: CacheRule[] = [];
  await attempt(gaps, 'cacheRules', registry.id, async () => {
    const list = azure.registries(registry.subscriptionId).cacheRules.list(registry.resourceGroup, registry.name);
    for await (const wire of list) {
      const id = required(wire.id, 'id', `a cache rule of ${registry.id}`);
      rules.push({
        id,
        name: required(wire.name, 'name', id),
        registryId: registry.id,
        sourceRepository: required(wire.sourceRepository, 'sourceRepository', id),
      });
    }
  });
  return rules;
}
