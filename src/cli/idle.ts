import { isNamed } from '../access/clusters.ts';
import type { Registry } from '../model/estate.ts';
import { ruleFor, selects, wordsOf } from '../model/expectation.ts';
import type { NetworkRule, Policy } from '../model/policy.ts';
import type { Source } from '../model/source.ts';
import type { ShardReport, ShardResult } from '../model/sweep.ts';

type Listed = Pick<ShardResult, 'registries' | 'clusters'> & { report: Pick<ShardReport, 'gaps'> };

/**
 * Said on the side of a sweep of which no shard has failed: a network rule or an integration that counts for nothing is a
 * mistake that no finding shows. Where registries or clusters may be there unseen, it may count for those.
 */
export function idleParts(policy: Pick<Policy, 'network' | 'integrations'>, shards: Listed[]): string {
  const unread = new Set(shards.flatMap(({ report }) => report.gaps.map(({ source }) => source)));
  const registries = shards.flatMap((shard) => shard.registries);
  if (registries.length === 0 || HIDING.some((source) => unread.has(source))) return '';
  // Undefined: nobody has looked at clusters.
  const clusters = unread.has('clusters') ? undefined : shards.find((shard) => shard.clusters)?.clusters;
  const pairs = policy.integrations.flatMap(({ cluster, registry }) => {
    const isThere = registries.some((one) => isNamed(registry, one));
    const told = `The integration of cluster ${cluster} with registry ${registry} fits no`;
    return [
      ...(clusters?.some((one) => isNamed(cluster, one)) === false ? [`${told} cluster that was swept.\n`] : []),
      ...(clusters && !isThere ? [`${told} registry that was swept.\n`] : []),
    ];
  });
  return [...idleRules(policy, registries), ...pairs].join('');
}

/** What hides registries where it cannot be read. */
const HIDING: Source[] = ['subscriptions', 'managementGroups', 'registries'];

function idleRules(policy: Pick<Policy, 'network'>, registries: Registry[]): string[] {
  const counting = new Set(registries.map((registry) => ruleFor(registry, policy)));
  const idle = policy.network.filter((rule) => !counting.has(rule));
  return idle.map((rule) => `The network rule for ${wordsOf(rule)} ${whyIdle(rule, policy, registries)}.\n`);
}

function whyIdle(rule: NetworkRule, policy: Pick<Policy, 'network'>, registries: Registry[]): string {
  const fitting = registries.find((registry) => selects(rule, registry));
  const first = fitting && ruleFor(fitting, policy);
  if (!first) return 'fits no registry';
  return `counts for no registry: the one for ${wordsOf(first)} comes first, as at ${fitting.name}`;
}
