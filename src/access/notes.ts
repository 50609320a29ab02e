import { sameId } from '../model/armId.ts';
import type { Facts, Group } from '../model/estate.ts';

/** What a principal is, in words. */
export function kindOf(id: string, { servicePrincipals, groups, roleAssignments }: Facts): string {
  const principal = servicePrincipals.find((one) => one.id.toLowerCase() === id);
  if (principal) return principal.servicePrincipalType === 'ManagedIdentity' ? 'managed identity' : 'service principal';
  if (groups.some((group) => group.id.toLowerCase() === id)) return 'group';
  const type = roleAssignments.find((one) => one.principalId.toLowerCase() === id)?.principalType;
  const words: Record<string, string> = { User: 'person', Group: 'group', ForeignGroup: 'group of another tenant' };
  return words[type ?? ''] ?? 'service principal';
}

/** Why a principal has no credentials to show, or what else is worth knowing about it. `opens`: any registry at all. */
export function noteOf(id: string, kind: string, opens: boolean, facts: Facts): string | undefined {
  if (facts.missingPrincipals.includes(id)) return 'deleted: the directory does not have it any more';
  if (kind === 'group') return membersOf(facts.groups.find((group) => group.id.toLowerCase() === id));
  if (kind === 'managed identity') {
    const clusters = facts.clusters.filter(({ kubeletId }) => kubeletId?.toLowerCase() === id).map(({ name }) => name);
    const nodes = clusters.length > 0 ? `; the nodes of AKS cluster ${clusters.join(', ')} pull with it` : '';
    return `Azure keeps and renews its credentials${nodes}`;
  }
  const principal = facts.servicePrincipals.find((one) => one.id.toLowerCase() === id);
  if (kind !== 'service principal') return undefined;
  if (!principal) return 'who it is could not be read';
  if (!principal.enabled) return 'disabled: it cannot sign in';
  const home = principal.appOwnerTenantId?.toLowerCase() ?? facts.tenantId.toLowerCase();
  if (home !== facts.tenantId.toLowerCase())
    return `its application's credentials are kept in tenant ${home} and not visible from here`;
  if (!opens) return 'its credentials are looked at only where it opens a registry';
  const federated = facts.applications.find(({ appId }) => sameId(appId, principal.appId))?.federated ?? [];
  return federated.length > 0 ? `signs in with federated credential ${federated.join(', ')} too` : undefined;
}

function membersOf(group: Group | undefined): string {
  if (!group?.members) return 'its members could not be read';
  const people = group.people === undefined ? 'people that could not be counted' : `${group.people} people`;
  return `${people} and ${group.members.length} service principals or managed identities`;
}
