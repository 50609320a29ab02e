import type { Check } from '../model/check.ts';

/** A name that breaks the rule is overlooked by everything that goes by names. */
export const nameNotAllowed: Check = {
  id: 'name-not-allowed',
  title: 'Registry name does not follow the policy',
  category: 'hygiene',
  severity: 'info',
  needs: ['registries'],
  run: ({ registries, policy }) => {
    const { namePattern } = policy.hygiene;
    if (namePattern === '') return [];
    const pattern = new RegExp(namePattern);
    return registries
      .filter(({ name }) => !pattern.test(name))
      .map(({ id, name }) => ({
        resourceId: id,
        reason: `The name ${name} does not fit ${namePattern}.`,
        evidence: { name, namePattern },
        fix: `A registry cannot be renamed: make one with a name that fits, az acr import what ${name} holds, and point the clients to it`,
      }));
  },
};
