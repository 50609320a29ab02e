import { sameId } from '../model/armId.ts';
import type { Application, ServicePrincipal } from '../model/estate.ts';
import type { IsUnread } from '../model/gap.ts';

/** Whether a principal's credentials are Azure's own affair (semantics §5). */
export function isManaged({ servicePrincipalType }: ServicePrincipal): boolean {
  return servicePrincipalType === 'ManagedIdentity';
}

/**
 * Whether a principal and its application are kept in this tenant by people: another tenant's application is kept there,
 * with its credentials and its owners, whatever stands on the principal's own object here (semantics §5).
 */
export function keepsItsCredentials(principal: ServicePrincipal, tenantId: string): boolean {
  return !isManaged(principal) && sameId(principal.appOwnerTenantId ?? tenantId, tenantId);
}

/**
 * Whether a principal may have credentials that cannot be seen: its application is another tenant's, or may be there behind
 * a broken list.
 */
export function mayHaveOthers(
  principal: ServicePrincipal,
  application: Application | undefined,
  tenantId: string,
  isUnread: IsUnread,
): boolean {
  if (!keepsItsCredentials(principal, tenantId)) return true;
  return application === undefined && isUnread('applications', `/servicePrincipals/${principal.id}`);
}
