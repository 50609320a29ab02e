import type { Wire } from '../../estate.ts';
import { isPlain } from '../../mergePatch.ts';
import type { GraphObject, World } from '../../world.ts';

export type Kind = 'application' | 'servicePrincipal' | 'group' | 'user';

/** The permission of the auditor that shows objects of a kind. */
export const PERMISSION: Record<Kind, string> = {
  application: 'graph:Application.Read.All',
  servicePrincipal: 'graph:Application.Read.All',
  group: 'graph:GroupMember.Read.All',
  user: 'graph:User.ReadBasic.All',
};

export const COLLECTIONS: Record<string, Kind> = {
  applications: 'application',
  serviceprincipals: 'servicePrincipal',
  groups: 'group',
  users: 'user',
};

export function objectsOf(kind: Kind, world: World): GraphObject[] {
  const { applications, servicePrincipals, groups, users } = world.estate.graph;
  return { application: applications, servicePrincipal: servicePrincipals, group: groups, user: users }[kind];
}

export interface Found {
  kind: Kind;
  object: GraphObject;
}

/** Objects by lower-cased id, kept as long as the list they were made from: a timeline step replaces the list. */
const indexes = new WeakMap<GraphObject[], Map<string, GraphObject>>();

export function byId(kind: Kind, world: World): ReadonlyMap<string, GraphObject> {
  const list = objectsOf(kind, world);
  const known = indexes.get(list);
  if (known !== undefined) return known;
  const made = new Map(list.map((object) => [object.id.toLowerCase(), object]));
  indexes.set(list, made);
  return made;
}

/** Any directory object by id, in any letter case. */
export function findObject(id: string, world: World): Found | undefined {
  for (const kind of ['servicePrincipal', 'application', 'group', 'user'] as const) {
    const object = byId(kind, world).get(id.toLowerCase());
    if (object !== undefined) return { kind, object };
  }
  return undefined;
}

/** What Graph sends even where nobody ever set it. */
const DEFAULTS: Record<Kind, (object: GraphObject, world: World) => Wire> = {
  application: () => ({
    deletedDateTime: null,
    appId: null,
    displayName: null,
    keyCredentials: [],
    passwordCredentials: [],
  }),
  servicePrincipal: (_object, world) => ({
    deletedDateTime: null,
    accountEnabled: true,
    appId: null,
    appOwnerOrganizationId: world.estate.tenantId,
    displayName: null,
    servicePrincipalType: 'Application',
    keyCredentials: [],
    passwordCredentials: [],
  }),
  group: () => ({
    deletedDateTime: null,
    displayName: null,
    securityEnabled: true,
    mailEnabled: false,
    groupTypes: [],
  }),
  user: () => ({
    displayName: null,
    givenName: null,
    surname: null,
    jobTitle: null,
    mail: null,
    userPrincipalName: null,
  }),
};

/** Kept by the estate inside the object, but a relation on the wire. */
const RELATIONS = ['members', 'federatedIdentityCredentials'];

/**
 * The object as it is sent: all of it, or the selected fields. Without `$select`, the public keys inside
 * keyCredentials are null.
 */
export function sent({ kind, object }: Found, select: readonly string[] | undefined, world: World): Wire {
  const whole: Wire = { ...DEFAULTS[kind](object, world), ...object };
  if (select !== undefined) return Object.fromEntries(select.map((field) => [field, whole[field] ?? null]));
  for (const relation of RELATIONS) delete whole[relation];
  const keys = whole.keyCredentials;
  if (Array.isArray(keys))
    whole.keyCredentials = keys.map((key: unknown) => (isPlain(key) ? { ...key, key: null } : key));
  return whole;
}

/** The object with its type; only type and id, the rest null, when the caller may not read its kind. */
export function sentWithType(found: Found, select: readonly string[] | undefined, world: World): Wire {
  const full = sent(found, select, world);
  const body = world.isDenied(PERMISSION[found.kind])
    ? Object.fromEntries(Object.entries(full).map(([key, value]) => [key, key === 'id' ? value : null]))
    : full;
  return { '@odata.type': `#microsoft.graph.${found.kind}`, ...body };
}
