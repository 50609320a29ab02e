import { coverOf } from '../baseline.ts';
import type { Check } from '../model/check.ts';
import { acrUpdate, networkRule } from '../model/command.ts';
import { hasApprovedEndpoint, wayIn } from '../model/endpoint.ts';
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

function toHit(registry: Registry): Hit {
  const { id, name, sku, publicNetworkAccess, defaultAction, ipRules } = registry;
  const evidence = { sku, publicNetworkAccess, defaultAction, ipRules };
  if (sku !== 'Premium') {
    // Basic and Standard have no network rules and no private endpoints: nobody can turn it off there.
    return {
      resourceId: id,
      severity: 'medium',
      reason: `${name} accepts clients from every network; restricting them needs Premium, and it is ${sku}.`,
      evidence,
      fix: `${acrUpdate(registry, '--sku Premium')}; then ${ways(registry)}`,
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
    fix: ways(registry),
  };
}

/** The private door alone, or a firewall; either way whoever is meant is let in first. */
function ways(registry: Registry): string {
  const shut = acrUpdate(registry, '--public-network-enabled false');
  const rules = [
    networkRule('add', registry, '<each network of its clients>'),
    ...coverOf(registry.ipRules).map((rule) => networkRule('remove', registry, rule)),
    ...(registry.defaultAction === 'Deny' ? [] : [acrUpdate(registry, '--default-action Deny')]),
  ];
  return `${hasApprovedEndpoint(registry) ? shut : `${wayIn(registry)} && ${shut}`} (private endpoints only), or ${rules.join(' && ')}`;
}
