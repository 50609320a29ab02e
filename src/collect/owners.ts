import type { Azure } from '../azure.ts';
import type { Application, ServicePrincipal } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { SOURCES } from '../model/source.ts';
import { attempt } from './attempt.ts';
import { graphBatch, listed } from './graphBatch.ts';
import { personName } from './identity.ts';
import type { Seldom } from './seldom.ts';
import type { WireObject } from './send.ts';

/**
 * Gives each service principal its owners: those of its application, who may change its credentials, and where there are
 * none, or no application, its own. Twenty a request, and of whoever has owners once a day.
 */
export async function readOwners(
  azure: Azure,
  principals: ServicePrincipal[],
  applications: Application[],
  memory: Seldom,
  gaps: Gap[],
): Promise<void> {
  const asked: ServicePrincipal[] = [];
  for (const principal of principals) {
    const known = memory.known(ownersOf(principal));
    if (known) principal.owners = known.value;
    else asked.push(principal);
  }
  await askFor(azure, asked, applications, gaps);
  // Half a name, or nobody behind a broken list, is nothing to go on with for a day.
  const isInDoubt = gaps.some(
    ({ source, scope }) => source === 'users' || (source === 'applications' && scope === '/'),
  );
  for (const principal of asked) {
    // Findings name owners, and an alert is told apart by them: nobody else is told for one answer that failed.
    if (!principal.owners) lastOwners(principal, memory);
    else if (!isInDoubt) memory.keep(ownersOf(principal), principal.owners);
  }
}

/** Gives a principal whose owners cannot be read those that are known. That there was nobody may have been mended since. */
export function lastOwners(principal: ServicePrincipal, memory: Seldom): void {
  const last = memory.lastKnown<string[]>(ownersOf(principal));
  if (last && last.value.length > 0) principal.owners = last.value;
}

/** What has no owner is asked for again until it has one. */
function ownersOf({ id }: ServicePrincipal) {
  return {
    source: 'owners' as const,
    registry: { id: `/servicePrincipals/${id}` },
    isStale: (owners: string[]) => owners.length === 0,
  };
}

async function askFor(
  azure: Azure,
  principals: ServicePrincipal[],
  applications: Application[],
  gaps: Gap[],
): Promise<void> {
  const applicationIds = new Map(applications.map(({ appId, id }) => [appId.toLowerCase(), id]));
  const withApplication = principals.filter(({ appId }) => applicationIds.has(appId.toLowerCase()));
  await ownersAt(
    azure,
    withApplication,
    ({ appId }) => `/applications/${applicationIds.get(appId.toLowerCase())}`,
    gaps,
  );
  // Behind a broken list an application may be there, and its owners with it.
  const listed = !gaps.some(({ source, scope }) => source === 'applications' && scope === '/');
  const without = principals.filter((one) =>
    applicationIds.has(one.appId.toLowerCase()) ? one.owners?.length === 0 : listed,
  );
  await ownersAt(azure, without, ({ id }) => `/servicePrincipals/${id}`, gaps);
}

async function ownersAt(
  azure: Azure,
  principals: ServicePrincipal[],
  object: (principal: ServicePrincipal) => string,
  gaps: Gap[],
): Promise<void> {
  const select = '$select=id,displayName,userPrincipalName,mail';
  const answers = await graphBatch(
    azure,
    principals.map((principal) => ({ path: `${object(principal)}/owners?${select}` })),
  );
  for (const [index, principal] of principals.entries()) {
    const items = await attempt(gaps, 'owners', `/servicePrincipals/${principal.id}`, async () => {
      return listed(answers[index]).items;
    });
    // In an order of our own: alerts are told apart by who owns what, and Graph promises none.
    if (items) principal.owners = items.map((owner) => personNameOrId(owner, gaps)).sort();
    else delete principal.owners;
  }
}

/** A person may come with an id only (wire: applications-owners-list). */
export function personNameOrId(person: WireObject, gaps: Gap[]): string {
  const name = personName(person);
  if (name) return name;
  if (!gaps.some(({ source }) => source === 'users')) gaps.push(namesHidden());
  return String(person.id);
}

/** That they exist is known, whatever we may read of them; who they are is not. */
export function namesHidden(): Gap {
  const { permission, title } = SOURCES.users;
  const reason = `cannot read the ${title}: ${permission} is not granted`;
  return { source: 'users', scope: '/users', code: 'Authorization_RequestDenied', reason, permission };
}
