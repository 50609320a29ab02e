import type { Application, ServicePrincipal } from '../model/estate.ts';
import type { IsUnread } from '../model/gap.ts';

/**
 * Whether a principal's credentials are kept in this tenant by people: another tenant's application keeps them there, and
 * a managed identity's are Azure's own affair (semantics §5).
 */
export function keepsItsCredentials(
  { servicePrincipalType, appOwnerTenantId }: ServicePrincipal,
  tenantId: string,
): boolean {
  const home = appOwnerTenantId ?? tenantId;
  return servicePrincipalType !== 'ManagedIdentity' && home.toLowerCase() === tenantId.toLowerCase();
}

/** Whether a principal may have credentials that cannot be seen: behind a broken list its application may be there. */
export function mayHaveOthers(place: string, application: Application | undefined, isUnread: IsUnread): boolean {
  return application === undefined && isUnread('applications', place);
}
