import { isNamed } from '../access/clusters.ts';
import { selects, wordsOf } from '../model/expectation.ts';
import type { Policy } from '../model/policy.ts';
import type { ShardResult } from '../model/sweep.ts';

/**
 * Said on the side of a sweep that could read everything: a network rule or an integration that fits nothing is a mistake
 * that no finding shows.
 */
export function idleParts(
  { network, integrations }: Pick<Policy, 'network' | 'integrations'>,
  shards: Pick<ShardResult, 'registries' | 'clusters'>[],
): string {
  const registries = shards.flatMap((shard) => shard.registries);
  if (registries.length === 0) return '';
  // Undefined: nobody has looked at clusters.
  const clusters = shards.find((shard) => shard.clusters)?.clusters;
  const rules = network
    .filter((rule) => !registries.some((registry) => selects(rule, registry)))
    .map((rule) => `The network rule for ${wordsOf(rule)} fits no registry.\n`);
  const pairs = integrations.flatMap(({ cluster, registry }) => {
    const isThere = registries.some((one) => isNamed(registry, one));
    const told = `The integration of cluster ${cluster} with registry ${registry} fits no`;
    return [
      ...(clusters?.some((one) => isNamed(cluster, one)) === false ? [`${told} cluster that was swept.\n`] : []),
      ...(clusters && !isThere ? [`${told} registry that was swept.\n`] : []),
    ];
  });
  return [...rules, ...pairs].join('');
}
