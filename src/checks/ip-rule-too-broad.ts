import { openersOf, openingsOf } from '../baseline.ts';
import type { Check } from '../model/check.ts';
import type { Registry } from '../model/estate.ts';
import type { Hit } from '../model/finding.ts';
import type { RegistryMemory } from '../model/memory.ts';

/** A rule for a whole provider's range lets in many that nobody meant. */
export const ipRuleTooBroad: Check = {
  id: 'ip-rule-too-broad',
  title: 'Network rule lets in a very wide range',
  category: 'network',
  severity: 'high',
  needs: ['registries'],
  saysWho: true,
  run: ({ registries, policy, remembered }) =>
    registries
      .filter(({ sku, exposure }) => sku === 'Premium' && exposure === 'selected-networks')
      .flatMap((registry) =>
        registry.ipRules
          .filter((rule) => isWide(rule, policy.widestRange))
          .map((rule) => ({ ...toHit(registry, rule), ...whoAdded(rule, remembered?.get(registry.id.toLowerCase())) })),
      ),
};

/** IPv6 hands out networks of twice the bits: a /32 there is a provider as a /16 is here. */
function isWide(rule: string, widest: number): boolean {
  const bits = Number(rule.slice(rule.indexOf('/') + 1));
  return bits < (rule.includes(':') ? 2 * widest : widest);
}

/** Others may have changed the rules beside it since. */
function whoAdded(rule: string, memory: RegistryMemory | undefined): Pick<Hit, 'changedBy' | 'changedAt'> {
  const [newest] = memory ? openersOf(openingsOf(memory), 'ipRules', [rule]) : [];
  const { changedBy, changedAt } = newest ?? {};
  return { ...(changedBy && { changedBy }), ...(changedAt && { changedAt }) };
}

function toHit({ id, name, subscriptionId }: Registry, rule: string): Hit {
  const command = (verb: string, range: string): string =>
    `az acr network-rule ${verb} --name ${name} --subscription ${subscriptionId} --ip-address ${range}`;
  return {
    resourceId: id,
    subject: rule,
    reason: `A network rule of ${name} lets in all of ${rule}.`,
    evidence: { rule },
    fix: `${command('add', '<the range that is really used>')}, then ${command('remove', rule)}`,
  };
}
