import { keepsItsCredentials } from '../access/principals.ts';
import { reachOfPrincipals } from '../access/reach.ts';
import { throughOf } from '../access/through.ts';
import { placesOf } from '../access/wording.ts';
import type { Check } from '../model/check.ts';

/** Nobody owns the application: when its credential ends, nobody is told and nobody may renew it. */
export const principalWithoutOwner: Check = {
  id: 'principal-without-owner',
  title: 'Service principal with rights on registries has no owner',
  category: 'credentials',
  severity: 'medium',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'applications', 'owners'],
  run: (input) => {
    const reach = reachOfPrincipals(input);
    return input.servicePrincipals.flatMap((principal) => {
      const opens = [...(reach.get(principal.id.toLowerCase())?.values() ?? [])];
      if (opens.length === 0 || !keepsItsCredentials(principal, input.tenantId)) return [];
      // Undefined: they could not be read, and a gap says so.
      if (principal.owners?.length !== 0) return [];
      const registries = opens.map(({ registry }) => registry.id).sort();
      const { id, appId, displayName } = principal;
      return {
        resourceId: `/servicePrincipals/${id}`,
        reason: `Neither service principal ${displayName} nor its application has an owner; it opens ${placesOf(registries)}.`,
        evidence: { holder: displayName, appId, registries, through: throughOf(opens, input.subscriptions) },
        fix: `az ad app owner add --id ${appId} --owner-object-id <object id of a person>; a second one for holidays`,
      };
    });
  },
};
