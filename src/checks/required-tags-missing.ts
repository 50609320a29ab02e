import type { Check } from '../model/check.ts';

/** Nobody knows whom to ask about it. */
export const requiredTagsMissing: Check = {
  id: 'required-tags-missing',
  title: 'Registry lacks tags that the policy requires',
  category: 'hygiene',
  severity: 'info',
  needs: ['registries'],
  run: ({ registries, policy }) =>
    registries.flatMap(({ id, name, tags }) => {
      // Azure's tag names have no letter case; a tag that is set to nothing says nothing.
      const set = Object.entries(tags).flatMap(([tag, value]) => (value.trim() === '' ? [] : [tag.toLowerCase()]));
      const missing = policy.hygiene.requiredTags.filter((tag) => !set.includes(tag.toLowerCase()));
      if (missing.length === 0) return [];
      return [
        {
          resourceId: id,
          reason: `${name} has no ${missing.join(', no ')} among its tags.`,
          evidence: { missing },
          fix: `az tag update --resource-id ${id} --operation merge --tags ${missing.map((tag) => `${tag}=<value>`).join(' ')}`,
        },
      ];
    }),
};
