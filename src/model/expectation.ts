import type { Registry } from './estate.ts';
import { fits, hasTags } from './pattern.ts';
import type { NetworkRule, Policy, PostureExpectation, RegistrySelector } from './policy.ts';

/** The posture that the policy wants of a registry: that of the first rule that fits; undefined: none does. */
export function expectedByPolicy(registry: Registry, policy: Pick<Policy, 'network'>): PostureExpectation | undefined {
  return ruleFor(registry, policy)?.expect;
}

/** The network rule that counts for a registry. */
export function ruleFor(registry: Registry, { network }: Pick<Policy, 'network'>): NetworkRule | undefined {
  return network.find((rule) => selects(rule, registry));
}

/** Whether a registry is one of those that a rule is about. */
export function selects(selector: RegistrySelector, { name, resourceGroup, subscriptionId, tags }: Registry): boolean {
  return (
    (selector.registry === undefined || fits(name, selector.registry)) &&
    (selector.resourceGroup === undefined || fits(resourceGroup, selector.resourceGroup)) &&
    (selector.subscription === undefined || selector.subscription.toLowerCase() === subscriptionId.toLowerCase()) &&
    (selector.tags === undefined || hasTags(tags, selector.tags))
  );
}

/** A selector in words, as it stands in the policy: `registry: shop*, tags: env=dev`. */
export function wordsOf({ registry, resourceGroup, subscription, tags }: RegistrySelector): string {
  const words = Object.entries({ registry, resourceGroup, subscription }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value}`],
  );
  if (tags) words.push(`tags: ${Object.entries(tags).map((tag) => tag.join('='))}`);
  return words.join(', ');
}
