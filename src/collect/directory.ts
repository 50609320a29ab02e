import * as z from 'zod';
import type { Azure } from '../azure.ts';
import type { Application, DirectorySecret, Person, ServicePrincipal } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import type { Source } from '../model/source.ts';
import { attempt, UnusableAnswerError } from './attempt.ts';
import { type GraphObject, graphByIds, graphPages } from './graph.ts';
import { given, instant } from './wire.ts';

/** Graph's limit for one getByIds call. */
const IDS_A_CALL = 1000;
/** Graph's largest page of applications. */
const PAGE = 999;

export interface PrincipalsRead {
  servicePrincipals: ServicePrincipal[];
  people: Person[];
  /** id → name of the groups; an id without a name stands for itself */
  groupNames: Map<string, string>;
}

/**
 * Who stands behind these object ids: service principals, people and groups in one answer a thousand. Those that are
 * gone, and those of kinds that we may not see, are simply not returned.
 */
export async function readPrincipals(azure: Azure, ids: string[], gaps: Gap[]): Promise<PrincipalsRead> {
  const read: PrincipalsRead = { servicePrincipals: [], people: [], groupNames: new Map() };
  for (let start = 0; start < ids.length; start += IDS_A_CALL) {
    await attempt(gaps, 'servicePrincipals', '/', async () => {
      const kinds = ['servicePrincipal', 'group', 'user'];
      for (const wire of await graphByIds(azure, ids.slice(start, start + IDS_A_CALL), kinds))
        await add(wire, read, gaps);
    });
  }
  return read;
}

async function add(wire: GraphObject, read: PrincipalsRead, gaps: Gap[]): Promise<void> {
  const kind = textOf(wire['@odata.type'])?.toLowerCase();
  const id = textOf(wire.id);
  if (kind === '#microsoft.graph.group' && id) read.groupNames.set(id.toLowerCase(), textOf(wire.displayName) ?? id);
  else if (kind === '#microsoft.graph.user' && id) read.people.push({ id, name: personName(wire) ?? id });
  else read.servicePrincipals.push(await toPrincipal(wire, gaps));
}

/** How people know a person; undefined: we may see that they exist and no more (Graph: limited-info). */
export function personName(wire: GraphObject): string | undefined {
  return textOf(wire.mail) ?? textOf(wire.userPrincipalName) ?? textOf(wire.displayName);
}

/** The applications behind these service principals, with their credentials' dates. */
export async function readApplications(azure: Azure, principals: ServicePrincipal[], gaps: Gap[]) {
  const applications: Application[] = [];
  const holders = new Map(principals.map((principal) => [principal.appId, principal.id]));
  if (holders.size === 0) return applications;
  // Credentials cannot be filtered on, and asking app by app would meet Graph's limit of 150 a minute for
  // keyCredentials: facts §2. So all are listed in the largest pages.
  const select = 'id,appId,displayName,passwordCredentials,keyCredentials';
  await attempt(gaps, 'applications', '/', async () => {
    for await (const wire of graphPages(azure, `/v1.0/applications?$select=${select}&$top=${PAGE}`)) {
      const { id, appId, displayName } = identity(wire, 'an application');
      const holder = holders.get(appId);
      if (!holder) continue;
      const read = { source: 'applications', holder, of: `application ${displayName}` } as const;
      const secrets = await readSecrets(wire, read, gaps);
      applications.push({ id, appId, displayName, secrets });
    }
  });
  return applications;
}

async function toPrincipal(wire: GraphObject, gaps: Gap[]): Promise<ServicePrincipal> {
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

const Identity = z.object({ id: z.string(), appId: z.string(), displayName: z.string().nullish() });

function identity(wire: GraphObject, of: string): { id: string; appId: string; displayName: string } {
  const read = Identity.safeParse(wire);
  if (!read.success) throw new UnusableAnswerError(`${of} came without ${read.error.issues[0]?.path.join('.')}`);
  return { ...read.data, displayName: read.data.displayName ?? read.data.appId };
}

// `hint`, `secretText` and `key` are never looked at.
const WireSecret = z.object({
  keyId: z.string(),
  displayName: z.string().nullish(),
  startDateTime: z.string().nullish(),
  endDateTime: z.string().nullish(),
  customKeyIdentifier: z.string().nullish(),
  usage: z.string().nullish(),
});

interface SecretsOf {
  source: Source;
  /** object id of the service principal that signs in with them */
  holder: string;
  of: string;
}

/** The dates of an object's passwords and certificates; one that cannot be understood is a gap of its holder. */
async function readSecrets(wire: GraphObject, { source, holder, of }: SecretsOf, gaps: Gap[]) {
  const secrets: DirectorySecret[] = [];
  const scope = `/servicePrincipals/${holder}`;
  for (const [kind, list] of [
    ['password', wire.passwordCredentials],
    ['certificate', wire.keyCredentials],
  ] as const) {
    for (const item of Array.isArray(list) ? list : []) {
      const secret = await attempt(gaps, source, scope, async () => toSecret(item, kind, of));
      if (secret) secrets.push(secret);
    }
  }
  return secrets;
}

function toSecret(wire: unknown, kind: DirectorySecret['kind'], of: string): DirectorySecret {
  const read = WireSecret.safeParse(wire);
  if (!read.success)
    throw new UnusableAnswerError(`a ${kind} of ${of} came without ${read.error.issues[0]?.path.join('.')}`);
  const { keyId, displayName, startDateTime, endDateTime, customKeyIdentifier, usage } = read.data;
  const name = `${kind} ${keyId} of ${of}`;
  return {
    keyId,
    kind,
    ...given('displayName', displayName),
    ...given('startsOn', instant(startDateTime, 'startDateTime', name)),
    ...given('expiresOn', instant(endDateTime, 'endDateTime', name)),
    ...(usage === 'Sign' || usage === 'Verify' ? { usage } : {}),
    ...given('customKeyIdentifier', customKeyIdentifier),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
