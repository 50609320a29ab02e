import { sameId } from '../model/armId.ts';
import type { Application, Facts, ServicePrincipal } from '../model/estate.ts';
import { indexOf } from '../model/gap.ts';

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
 * Tells of principals whether they may have credentials that cannot be seen: the application is another tenant's, or may be
 * there behind a broken list, or something of what came could not be read.
 */
export function unseenCredentials({
  gaps,
  tenantId,
}: Pick<Facts, 'gaps' | 'tenantId'>): (principal: ServicePrincipal, application: Application | undefined) => boolean {
  const isUnread = indexOf(gaps);
  const own = gaps.filter(({ source }) => source === 'applications' || source === 'servicePrincipals');
  const unclear = new Set(own.map(({ scope }) => scope.toLowerCase()));
  return (principal, application) => {
    const place = `/servicePrincipals/${principal.id}`;
    if (!keepsItsCredentials(principal, tenantId) || unclear.has(place.toLowerCase())) return true;
    return application === undefined && isUnread('applications', place);
  };
}
