import { ownersOf } from '../access/owners.ts';
import { writesEverywhere } from '../access/rights.ts';
import { lastSegment } from '../model/armId.ts';
import type { Check } from '../model/check.ts';
import type { TokenSecret } from '../model/estate.ts';

/** A token that may push to every repository can replace every image that anybody runs. */
export const tokenCanWriteEverywhere: Check = {
  id: 'token-can-write-everywhere',
  title: 'Repository token can write to every repository',
  category: 'access',
  severity: 'medium',
  needs: ['registries', 'tokens', 'scopeMaps'],
  run: ({ tokens, scopeMaps, registries, now, policy }) => {
    const maps = new Map(scopeMaps.map((map) => [map.id.toLowerCase(), map]));
    const byId = new Map(registries.map((registry) => [registry.id.toLowerCase(), registry]));
    const works = ({ expiresOn }: TokenSecret): boolean => expiresOn === undefined || expiresOn > now;
    return tokens.flatMap(({ name, registryId, enabled, scopeMapId = '', passwords, certificates }) => {
      const map = maps.get(scopeMapId.toLowerCase());
      const registry = byId.get(registryId.toLowerCase());
      if (!map || !registry || !enabled || ![...passwords, ...certificates].some(works)) return [];
      if (!writesEverywhere(map.actions)) return [];
      const place = `--registry ${registry.name} --subscription ${registry.subscriptionId}`;
      return {
        resourceId: registry.id,
        subject: name,
        reason: `Token ${name} may write to every repository of ${registry.name} through scope map ${lastSegment(map.id)}.`,
        evidence: { scopeMap: map.name, actions: [...map.actions].sort() },
        owners: ownersOf([], [registry], policy),
        fix: `az acr scope-map create --name ${name}-write ${place} --repository <its repository> content/read content/write; then az acr token update --name ${name} ${place} --scope-map ${name}-write`,
      };
    });
  },
};
