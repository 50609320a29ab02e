import type * as z from 'zod';
import { sameId } from '../model/armId.ts';
import { fits, hasTags } from '../model/pattern.ts';
import type { RegistrySelector } from '../model/policy.ts';
import { selectorOf } from './networkRule.ts';

/** Refuses a rule that never counts, since one before it fits whatever it fits. */
export function noneShadowed(rules: unknown[], context: z.RefinementCtx): void {
  // Those for one name are looked up by it: a draft has ten thousand of them where there are as many registries.
  const named = new Map<string, [number, RegistrySelector][]>();
  const broad: [number, RegistrySelector][] = [];
  for (const [index, entry] of rules.entries()) {
    const rule = selectorOf(entry);
    if (!rule) continue;
    const name = nameIn(rule);
    const own = (name !== undefined && named.get(name)) || [];
    const shadows = [...broad, ...own].filter(([, earlier]) => isWider(earlier, rule)).map(([number]) => number);
    if (shadows.length > 0) {
      const message = `never counts: number ${Math.min(...shadows) + 1} of this list comes first, and fits whatever this one fits`;
      context.addIssue({ code: 'custom', path: [index], message });
    }
    if (name === undefined) broad.push([index, rule]);
    else named.set(name, [...own, [index, rule]]);
  }
}

/** The one name that a rule is for, in lower case. */
function nameIn({ registry }: RegistrySelector): string | undefined {
  return registry === undefined || /[*?]/.test(registry) ? undefined : registry.toLowerCase();
}

/** Whether a selector fits every registry that the other one fits, as far as the two say without any registry. */
function isWider(one: RegistrySelector, other: RegistrySelector): boolean {
  const { subscription, tags } = one;
  return (
    isWiderPattern(one.registry, other.registry) &&
    isWiderPattern(one.resourceGroup, other.resourceGroup) &&
    (subscription === undefined || (other.subscription !== undefined && sameId(subscription, other.subscription))) &&
    (tags === undefined || hasTags(other.tags ?? {}, tags))
  );
}

function isWiderPattern(one = '*', other = '*'): boolean {
  // A ? stands for one character, so that it does not take in a * of the other, which may stand for several.
  return fits(other, one) && !(one.includes('?') && other.includes('*') && one.toLowerCase() !== other.toLowerCase());
}
