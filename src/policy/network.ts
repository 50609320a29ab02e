import type { Registry } from '../model/estate.ts';
import { fits, hasTags } from '../model/pattern.ts';
import type { Policy, PostureExpectation, RegistrySelector } from '../model/policy.ts';

/** The posture that the policy wants of a registry: that of the first rule that fits; undefined: none does. */
export function expectedByPolicy(
  registry: Registry,
  { network }: Pick<Policy, 'network'>,
): PostureExpectation | undefined {
  return network.find((rule) => selects(rule, registry))?.expect;
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
