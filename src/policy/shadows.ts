import { sameId } from '../model/armId.ts';
import { fits, hasTags } from '../model/pattern.ts';
import type { RegistrySelector } from '../model/policy.ts';

/** A rule that never counts, since one before it fits whatever it fits; by their indexes. */
export interface Shadow {
  rule: number;
  /** the first that comes before it */
  by: number;
}

/** The rules of a list that never count, as far as they say so without any registry. */
export function shadowsAmong(rules: readonly RegistrySelector[]): Shadow[] {
  // Those for one name are looked up by it: a draft has ten thousand of them where there are as many registries.
  const named = new Map<string, [number, RegistrySelector][]>();
  const broad: [number, RegistrySelector][] = [];
  const shadows: Shadow[] = [];
  for (const [index, rule] of rules.entries()) {
    const name = nameIn(rule);
    const own = (name !== undefined && named.get(name)) || [];
    const wider = [...broad, ...own].filter(([, earlier]) => isWider(earlier, rule)).map(([number]) => number);
    if (wider.length > 0) shadows.push({ rule: index, by: Math.min(...wider) });
    if (name === undefined) broad.push([index, rule]);
    else named.set(name, [...own, [index, rule]]);
  }
  return shadows;
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
  if (one === '*' || one === other) return true;
  // A ? stands for one character, so that it does not take in a * of the other, which may stand for several.
  return fits(other, one) && !(one.includes('?') && other.includes('*') && one.toLowerCase() !== other.toLowerCase());
}
