import { sameId } from '../model/armId.ts';
import type { Facts, Group, ServicePrincipal, Token } from '../model/estate.ts';
import { isManaged, keepsItsCredentials } from './principals.ts';

/** What a principal is, in words. */
export function kindOf(id: string, { servicePrincipals, groups, roleAssignments }: Facts): string {
  const principal = servicePrincipals.find((one) => one.id.toLowerCase() === id);
  if (principal) return isManaged(principal) ? 'managed identity' : 'service principal';
  if (groups.some((group) => group.id.toLowerCase() === id)) return 'group';
  const type = roleAssignments.find((one) => one.principalId.toLowerCase() === id)?.principalType;
  const words: Record<string, string> = { User: 'person', Group: 'group', ForeignGroup: 'group of another tenant' };
  return words[type ?? ''] ?? 'service principal';
}

/** Whether a principal opens any registry at all; undefined: it is not known, since a role of its could not be read. */
type Opens = boolean | undefined;

/** Why a principal has no credentials to show, or what else is worth knowing about it. */
export function noteOf(id: string, kind: string, opens: Opens, facts: Facts): string | undefined {
  if (facts.missingPrincipals.includes(id)) return 'deleted: the directory does not have it any more';
  if (kind !== 'group' && kind !== 'managed identity' && kind !== 'service principal') return undefined;
  const group = facts.groups.find((one) => one.id.toLowerCase() === id);
  const principal = facts.servicePrincipals.find((one) => one.id.toLowerCase() === id);
  if (!group && !principal && opens === false && !isUnread(facts)) {
    return 'the directory is asked only for those who may open a registry';
  }
  if (kind === 'group') return membersOf(group);
  if (principal?.enabled === false) return 'disabled: it cannot sign in';
  const notes = [
    principal ? signsIn(principal, opens, facts) : 'who it is could not be read',
    nodes(id, principal, facts),
  ];
  return notes.filter((note) => note !== undefined).join('; ') || undefined;
}

/** Whether somebody may have been asked for in vain. */
function isUnread({ gaps }: Facts): boolean {
  return gaps.some(({ source }) => source === 'servicePrincipals' || source === 'groups');
}

/** How a principal signs in, where no credential that is shown says so. */
function signsIn(principal: ServicePrincipal, opens: Opens, { tenantId, applications }: Facts): string | undefined {
  if (isManaged(principal)) return 'Azure keeps and renews its credentials';
  if (!keepsItsCredentials(principal, tenantId)) {
    return `its application's credentials are kept in tenant ${principal.appOwnerTenantId?.toLowerCase()} and not visible from here`;
  }
  if (!opens) return 'its credentials are looked at only where it is known to open a registry';
  const federated = applications.find(({ appId }) => sameId(appId, principal.appId))?.federated ?? [];
  return federated.length > 0 ? `signs in with federated credential ${federated.join(', ')}` : undefined;
}

/** The clusters whose nodes pull with a principal (semantics §4): as their kubelet's identity, or as their only one. */
function nodes(id: string, principal: ServicePrincipal | undefined, { clusters }: Facts): string | undefined {
  const names = clusters
    .filter(({ kubeletId, clientId }) =>
      kubeletId ? sameId(kubeletId, id) : principal && clientId && sameId(clientId, principal.appId),
    )
    .map(({ name }) => name);
  return names.length > 0 ? `the nodes of AKS cluster ${names.join(', ')} pull with it` : undefined;
}

/** Why nobody signs in with a token. */
export function noteOfToken({ enabled, passwords, certificates }: Token): string | undefined {
  if (!enabled) return 'disabled: it cannot sign in';
  return passwords.length + certificates.length === 0
    ? 'without a password: nobody can sign in with it yet'
    : undefined;
}

function membersOf(group: Group | undefined): string {
  if (!group?.members) return 'its members could not be read';
  const people = group.people === undefined ? 'people that could not be counted' : `${group.people} people`;
  return `${people} and ${group.members.length} service principals or managed identities`;
}
