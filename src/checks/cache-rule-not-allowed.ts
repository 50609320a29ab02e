import { byRegistry } from '../model/byRegistry.ts';
import type { Check } from '../model/check.ts';
import { acr } from '../model/command.ts';
import { fits } from '../model/pattern.ts';

/** Images of a source that nobody vetted come in under the registry's own name. */
export const cacheRuleNotAllowed: Check = {
  id: 'cache-rule-not-allowed',
  title: 'Cache rule mirrors a source that is not allowed',
  category: 'hygiene',
  severity: 'medium',
  needs: ['registries', 'cacheRules'],
  run: ({ registries, cacheRules, policy }) => {
    const { allowedCacheSources } = policy.hygiene;
    if (allowedCacheSources.length === 0) return [];
    const rulesOf = byRegistry(cacheRules);
    return registries.flatMap((registry) =>
      rulesOf(registry)
        .filter(({ sourceRepository }) => !allowedCacheSources.some((pattern) => fits(sourceRepository, pattern)))
        .map(({ name, sourceRepository }) => ({
          resourceId: registry.id,
          subject: name,
          reason: `The cache rule ${name} of ${registry.name} mirrors ${sourceRepository}, which the policy does not allow.`,
          evidence: { sourceRepository },
          fix: acr('cache delete', registry, `--name ${name}`),
        })),
    );
  },
};
