import type { Check } from '../model/check.ts';
import type { Registry } from '../model/estate.ts';
import { expectedByPolicy } from '../model/expectation.ts';
import type { Hit } from '../model/finding.ts';

/** The whole internet reaches the registry's login server: semantics §2, which decides by tier. */
export const publicNetworkAccessEnabled: Check = {
  id: 'public-network-access-enabled',
  title: 'Registry is open to all networks',
  category: 'network',
  severity: 'high',
  needs: ['registries'],
  about: 'exposure',
  run: ({ registries, policy }) =>
    registries
      .filter(({ exposure }) => exposure === 'public')
      .map((registry) =>
        expectedByPolicy(registry, policy)?.exposure === 'public' ? asExpected(toHit(registry)) : toHit(registry),
      ),
};

/** It is meant: told, and nobody's alarm (semantics §2). */
function asExpected(hit: Hit): Hit {
  return { ...hit, severity: 'info', reason: `${hit.reason} The policy expects that.` };
}

function toHit({ id, name, subscriptionId, sku, publicNetworkAccess, defaultAction, ipRules }: Registry): Hit {
  const evidence = { sku, publicNetworkAccess, defaultAction, ipRules };
  const update = `az acr update --name ${name} --subscription ${subscriptionId}`;
  if (sku !== 'Premium') {
    // Basic and Standard have no network rules and no private endpoints: nobody can turn it off there.
    return {
      resourceId: id,
      severity: 'medium',
      reason: `${name} accepts clients from every network; restricting them needs Premium, and it is ${sku}.`,
      evidence,
      fix: `${update} --sku Premium, then ${update} --default-action Deny with az acr network-rule add for each client network`,
    };
  }
  const how =
    defaultAction === 'Deny'
      ? `its IP rules ${ipRules.join(', ')} together cover every address`
      : `public network access is ${publicNetworkAccess} and the default action is ${defaultAction}`;
  return {
    resourceId: id,
    reason: `${name} accepts clients from every network: ${how}.`,
    evidence,
    fix: `${update} --public-network-enabled false (private endpoints only), or ${update} --default-action Deny with narrow network rules`,
  };
}
