import type { Registry } from '../model/estate.ts';
import type { Policy } from '../model/policy.ts';

/** Whom to ask: the holder's own owners, else the owner tags of the registries it opens, else the policy's fallback. */
export function ownersOf(named: string[], registries: Registry[], { owners }: Policy): string[] {
  if (named.length > 0) return named;
  // Thousands of registries have few tags between them, and those that they have alike are kept once.
  const tags = new Set(registries.map((registry) => registry.tags));
  const tagged = new Set([...tags].map((own) => taggedOwner(own, owners.tags)).filter((one) => one !== ''));
  if (tagged.size > 0) return [...tagged].sort();
  return owners.fallback === undefined ? [] : [owners.fallback];
}

/** Azure compares the names of tags without regard to letter case. */
function taggedOwner(tags: Registry['tags'], names: string[]): string {
  for (const name of names) {
    const tag = Object.entries(tags).find(([key, value]) => key.toLowerCase() === name.toLowerCase() && value !== '');
    if (tag) return tag[1];
  }
  return '';
}
