import { keepsItsCredentials } from '../access/principals.ts';
import { reachOfPrincipals } from '../access/reach.ts';
import { throughOf } from '../access/through.ts';
import { placesOf } from '../access/wording.ts';
import type { Check } from '../model/check.ts';
import { indexOf } from '../model/gap.ts';

const PERSON = '<object id of a person>';

/** Nobody owns the application: when its credential ends, nobody is told and nobody may renew it. */
export const principalWithoutOwner: Check = {
  id: 'principal-without-owner',
  title: 'Service principal with rights on registries has no owner',
  category: 'credentials',
  severity: 'medium',
  needs: ['registries', 'roleAssignments', 'roleDefinitions', 'groups', 'servicePrincipals', 'applications', 'owners'],
  run: (input) => {
    const reach = reachOfPrincipals(input);
    const isUnread = indexOf(input.gaps);
    const applications = new Set(input.applications.map(({ appId }) => appId.toLowerCase()));
    return input.servicePrincipals.flatMap((principal) => {
      const opens = [...(reach.get(principal.id.toLowerCase())?.values() ?? [])];
      if (opens.length === 0 || !keepsItsCredentials(principal, input.tenantId)) return [];
      // Undefined: they could not be read, and a gap says so.
      if (principal.owners?.length !== 0) return [];
      const registries = opens.map(({ registry }) => registry.id).sort();
      const { id, appId, displayName } = principal;
      const isAlone = !applications.has(appId.toLowerCase()) && !isUnread('applications', `/servicePrincipals/${id}`);
      const who = isAlone
        ? `Service principal ${displayName} has no application and no owner`
        : `Neither service principal ${displayName} nor its application has an owner`;
      return {
        resourceId: `/servicePrincipals/${id}`,
        reason: `${who}; it opens ${placesOf(registries)}.`,
        evidence: { holder: displayName, appId, registries, through: throughOf(opens, input.subscriptions) },
        fix: `${isAlone ? ownerOfPrincipal(id) : `az ad app owner add --id ${appId} --owner-object-id ${PERSON}`}; a second one for holidays`,
      };
    });
  },
};

/** az has a command for owners of applications only (Graph: servicePrincipal, Add owner). */
function ownerOfPrincipal(id: string): string {
  const graph = 'https://graph.microsoft.com/v1.0';
  return `az rest --method POST --url '${graph}/servicePrincipals/${id}/owners/$ref' --body '{"@odata.id":"${graph}/directoryObjects/${PERSON}"}'`;
}
