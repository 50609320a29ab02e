import { byRegistry } from '../model/byRegistry.ts';
import type { PostureChange } from '../model/change.ts';
import type { Check, CheckInput } from '../model/check.ts';
import { networkRule } from '../model/command.ts';
import { hasApprovedEndpoint, wayIn } from '../model/endpoint.ts';
import type { Instant, Registry, Usage } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';
import { gapCovers } from '../model/gap.ts';

/** The public door is shut, or has no name on its list, and no private one is open: every pull fails. */
export const registryUnreachable: Check = {
  id: 'registry-unreachable',
  title: 'Registry cannot be reached by anybody',
  category: 'network',
  severity: 'high',
  needs: ['registries', 'usages'],
  // Subnet rules are all that usages tell, and they count behind a firewall only.
  needsAt: (registry) => (isWithoutRules(registry) && !hasApprovedEndpoint(registry) ? undefined : ['registries']),
  about: 'exposure',
  run: ({ registries, usages, gaps, remembered }) => {
    const usagesOf = byRegistry(usages);
    const unread = gaps.filter(({ source }) => source === 'usages');
    return registries
      .filter((registry) => registry.sku === 'Premium' && !hasApprovedEndpoint(registry))
      .flatMap((registry) => {
        if (registry.exposure === 'private') return shut(registry);
        const mayLetIn = hasSubnetRules(usagesOf(registry)) || unread.some((gap) => gapCovers(gap, registry.id));
        return isWithoutRules(registry) && !mayLetIn
          ? { ...withoutRules(registry), ...whoBehind(registry, remembered) }
          : [];
      });
  },
};

function isWithoutRules({ exposure, ipRules }: Registry): boolean {
  return exposure === 'selected-networks' && ipRules.length === 0;
}

/** Rules for subnets, an old preview: no stable version of the API lists them, but their number is among the usages. */
function hasSubnetRules(usages: Usage[]): boolean {
  return usages.some(({ name, currentValue }) => name.toLowerCase() === 'vnetrules' && currentValue > 0);
}

function shut(registry: Registry): Hit {
  return {
    resourceId: registry.id,
    reason: `Public network access of ${registry.name} is disabled and it has no approved private endpoint: nobody can pull from it.`,
    evidence: { publicNetworkAccess: 'Disabled', endpoints: endpointsOf(registry) },
    fix: wayIn(registry),
  };
}

function withoutRules(registry: Registry): Hit {
  return {
    resourceId: registry.id,
    reason: `The default action of ${registry.name} is Deny, and it has neither a network rule nor an approved private endpoint: its clients get 403, and nobody can pull from it.`,
    evidence: { defaultAction: 'Deny', ipRules: [], endpoints: endpointsOf(registry) },
    fix: `${networkRule('add', registry, '<network of its clients>')}, or ${wayIn(registry)}`,
  };
}

function endpointsOf({ privateEndpointConnections }: Registry): Hit['evidence'][] {
  return privateEndpointConnections.map(({ endpointId, status }) => ({ endpointId: endpointId ?? null, status }));
}

/** Whoever took the last rule away is behind it, unless the firewall itself is newer. */
function whoBehind({ id }: Registry, remembered: CheckInput['remembered']): Pick<Hit, 'changedBy' | 'changedAt'> {
  const { ipRules, exposure } = remembered?.get(id.toLowerCase())?.lastChanges ?? {};
  const isOlder = whenOf(ipRules) < whenOf(exposure);
  const { changedBy, changedAt } = (isOlder ? exposure : ipRules) ?? {};
  return { ...(changedBy && { changedBy }), ...(changedAt && { changedAt }) };
}

/** Of a change that was only observed, the sweep that saw it. */
function whenOf(change: PostureChange | undefined): Instant {
  return change?.changedAt ?? change?.between?.to ?? '';
}
