import type { ServicePrincipal } from '../model/estate.ts';

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
