import { isRestError } from '@azure/core-rest-pipeline';
import type { Azure } from '../azure.ts';
import type { Person, ServicePrincipal } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt } from './attempt.ts';
import { readSecrets } from './directorySecrets.ts';
import { graphByIds } from './graph.ts';
import { identity, personName, textOf } from './identity.ts';
import type { WireObject } from './send.ts';
import { given } from './wire.ts';

/** Graph's limit for one getByIds call. */
const IDS_A_CALL = 1000;

export interface PrincipalsRead {
  servicePrincipals: ServicePrincipal[];
  people: Person[];
  /** id → name of the groups; an id without a name stands for itself */
  groupNames: Map<string, string>;
  /** ids in lower case of whatever came, understood or not → the kind, as role assignments have it */
  seen: Map<string, string>;
}

/**
 * Who stands behind these object ids: service principals, people and groups in one answer a thousand. Those that are
 * gone, and those of kinds that we may not see, are simply not returned. One that cannot be understood is a gap of its own.
 */
export async function readPrincipals(azure: Azure, ids: string[], gaps: Gap[]): Promise<PrincipalsRead> {
  const read: PrincipalsRead = { servicePrincipals: [], people: [], groupNames: new Map(), seen: new Map() };
  for (let start = 0; start < ids.length; start += IDS_A_CALL) {
    const some = ids.slice(start, start + IDS_A_CALL);
    const objects = await attempt(gaps, 'servicePrincipals', '/', () => objectsOf(azure, some));
    for (const wire of objects ?? []) {
      const id = textOf(wire.id)?.toLowerCase();
      // A second page may repeat what the first one had.
      if (id && read.seen.has(id)) continue;
      if (id) read.seen.set(id, kindOf(wire));
      await attempt(gaps, 'servicePrincipals', id ? `/servicePrincipals/${id}` : '/', () => add(wire, read, gaps));
    }
  }
  return read;
}

/** Kinds that we may not see are left out; should the whole call be refused for them, principals alone are asked for. */
async function objectsOf(azure: Azure, ids: string[]): Promise<WireObject[]> {
  try {
    return await graphByIds(azure, ids, ['servicePrincipal', 'group', 'user']);
  } catch (error) {
    if (!isRestError(error) || error.statusCode !== 403) throw error;
    return graphByIds(azure, ids, ['servicePrincipal']);
  }
}

async function add(wire: WireObject, read: PrincipalsRead, gaps: Gap[]): Promise<void> {
  const kind = kindOf(wire);
  const id = textOf(wire.id);
  if (kind === 'Group' && id) read.groupNames.set(id.toLowerCase(), textOf(wire.displayName) ?? id);
  else if (kind === 'User' && id) read.people.push({ id, name: personName(wire) ?? id });
  else read.servicePrincipals.push(await toPrincipal(wire, gaps));
}

function kindOf(wire: WireObject): string {
  const kind = textOf(wire['@odata.type'])?.toLowerCase();
  if (kind === '#microsoft.graph.group') return 'Group';
  return kind === '#microsoft.graph.user' ? 'User' : 'ServicePrincipal';
}

async function toPrincipal(wire: WireObject, gaps: Gap[]): Promise<ServicePrincipal> {
  const { id, appId, displayName } = identity(wire, 'a service principal');
  return {
    id,
    appId,
    displayName,
    // Absent in the old samples; then it is an ordinary application (wire: servicePrincipals-list)
    servicePrincipalType: typeof wire.servicePrincipalType === 'string' ? wire.servicePrincipalType : 'Application',
    enabled: wire.accountEnabled !== false,
    ...given('appOwnerTenantId', textOf(wire.appOwnerOrganizationId)),
    secrets: await readSecrets(
      wire,
      { source: 'servicePrincipals', holder: id, of: `service principal ${displayName}` },
      gaps,
    ),
  };
}
