import { lastSegment } from '../model/armId.ts';
import type { Credential, Grant } from '../model/credential.ts';
import type { Facts, Instant, Registry } from '../model/estate.ts';
import { ignoredRights } from './ignored.ts';
import { principalNames } from './names.ts';
import { kindOf, noteOf, noteOfToken } from './notes.ts';
import { openedBy, type Reach, reachOfPrincipals, type Way } from './reach.ts';
import { GRANTS, unionOfGrants } from './rights.ts';
import { scopeName } from './scopes.ts';
import { wayName } from './through.ts';
import { grantsOfTokens } from './tokenCredentials.ts';
import { type UnreadRole, unreadRolesByPrincipal } from './unreadRoles.ts';

/** One way in, as it is shown: a role at a scope, maybe through a group, maybe under a condition. */
export interface ShownWay {
  role: string;
  scope: string;
  group?: string;
  condition?: string;
  /** null: not known */
  grants: Grant[] | null;
}

export interface ShownCredential {
  name: string;
  state: Credential['state'];
  /** null: never */
  expiresOn: Instant | null;
}

/** Someone who may do something, with what, and until when. */
export interface ShownPrincipal {
  id: string;
  kind: string;
  name: string;
  /** null: not known */
  grants: Grant[] | null;
  ways: ShownWay[];
  credentials: ShownCredential[];
  /** why there are no credentials to show, or what else is worth knowing */
  note?: string;
  /** names of the people in a group, where they were asked for */
  people?: string[];
}

/** Who can do what at a registry. */
export interface RegistryAccess {
  registry: string;
  id: string;
  mode: Registry['roleAssignmentMode'];
  principals: ShownPrincipal[];
  tokens: ShownPrincipal[];
  adminAccount: boolean;
  anonymousPull: boolean;
  /** roles that the ABAC mode ignores */
  ignored: { principal: string; roles: string[] }[];
  caches: { set: string; upstream: string; works: boolean }[];
  /** what could not be read, and so may be missing above */
  gaps: string[];
}

/** Object ids, in lower case, of those who may do something at a registry, or hold a role there that could not be read. */
export function holdersAt(registry: Registry, facts: Facts): string[] {
  const at = { ...facts, registries: [registry] };
  return holdersIn(reachOfPrincipals(at), unreadRolesByPrincipal(at));
}

function holdersIn(...held: ReadonlyMap<string, unknown>[]): string[] {
  return [...new Set(held.flatMap((one) => [...one.keys()]))];
}

/** The graph as seen from a registry; facts hold its own tokens, and credentials all of its ways in. */
export function accessTo(registry: Registry, facts: Facts, credentials: Credential[]): RegistryAccess {
  const at = { ...facts, registries: [registry] };
  const known = { facts, credentials, names: principalNames(facts) };
  const reach = reachOfPrincipals(at);
  const unread = unreadRolesByPrincipal(at);
  const principals = holdersIn(reach, unread).map((id) =>
    shown(id, { reach: [...(reach.get(id)?.values() ?? [])], unread: unread.get(id) ?? [] }, known),
  );
  return {
    registry: registry.name,
    id: registry.id,
    mode: registry.roleAssignmentMode,
    principals: principals.sort(byKindAndName),
    tokens: tokensAt(registry, facts, credentials),
    adminAccount: registry.adminUserEnabled,
    anonymousPull: registry.anonymousPullEnabled,
    ignored: ignoredAt(at),
    caches: facts.credentialSets.map(({ name, loginServer, credentials: own }) => ({
      set: name,
      upstream: loginServer,
      works: own.every(({ healthy }) => healthy),
    })),
    gaps: gapLines(facts),
  };
}

/** What could not be read, each thing once, however many places it hides. */
export function gapLines({ gaps }: Facts): string[] {
  return [...new Set(gaps.map(({ reason }) => reason))];
}

/** What there is to say about principals. */
export interface Known {
  facts: Facts;
  credentials: Credential[];
  names: Map<string, string>;
}

/** By what a principal comes to registries. */
export interface Held {
  reach: Reach[];
  unread: UnreadRole[];
}

/** What known roles give; null, that is not known, where a role that could not be read may give more. */
export function certain(grants: Grant[], mayBeMore: boolean): Grant[] | null {
  return mayBeMore && grants.length < GRANTS.length ? null : grants;
}

/** One principal with all the ways that it has in. */
export function shown(id: string, { reach, unread }: Held, { facts, credentials, names }: Known): ShownPrincipal {
  const ways = new Map<string, Way>();
  for (const way of reach.flatMap((one) => one.ways)) {
    const key = `${way.assignment.id}|${way.group?.id}`;
    // One role gives other things at a registry in ABAC mode than at one in legacy mode.
    const grants = unionOfGrants(ways.get(key)?.grants ?? [], way.grants);
    ways.set(key, { ...way, grants });
  }
  const kind = kindOf(id, facts);
  const own = ofHolder(credentials, ({ holder }) => holder.type === 'principal' && holder.id.toLowerCase() === id);
  // Credentials are listed of those who open a registry, be it another one.
  const opens = reach.length + own.length > 0 || (unread.length > 0 ? undefined : false);
  const note = noteOf(id, kind, opens, facts);
  const people = facts.groups.find((group) => group.id.toLowerCase() === id)?.named;
  return {
    id,
    kind,
    name: names.get(id) ?? id,
    grants: certain(openedBy(reach).grants, unread.length > 0),
    ways: [
      ...[...ways.values()].map((way) => wayOf(way.role.roleName, way, way.grants, facts)),
      ...unread.map((one) => wayOf(`role ${lastSegment(one.assignment.roleDefinitionId)}`, one, null, facts)),
    ],
    credentials: own,
    ...(note && { note }),
    ...(people && { people }),
  };
}

function wayOf(
  role: string,
  { assignment, group }: Pick<Way, 'assignment' | 'group'>,
  grants: Grant[] | null,
  { subscriptions }: Facts,
): ShownWay {
  return {
    role,
    scope: scopeName(assignment.scope, subscriptions),
    ...(group && { group: group.displayName }),
    ...(assignment.condition !== undefined && { condition: assignment.condition }),
    grants,
  };
}

function tokensAt(registry: Registry, { tokens, scopeMaps }: Facts, credentials: Credential[]): ShownPrincipal[] {
  const grantsOf = grantsOfTokens(scopeMaps);
  return tokens
    .filter(({ registryId }) => registryId === registry.id)
    .map((token) => {
      const { id, name, scopeMapId } = token;
      const own = credentials.filter(({ holder }) => holder.id === id);
      const grants = grantsOf(token) ?? null;
      const note = noteOfToken(token);
      const map = scopeMapId && lastSegment(scopeMapId);
      return {
        id,
        kind: 'token',
        name,
        grants,
        ways: map ? [{ role: `scope map ${map}`, scope: `registry ${registry.name}`, grants }] : [],
        credentials: ofHolder(own, () => true),
        ...(note && { note }),
      };
    });
}

function ignoredAt(facts: Facts): RegistryAccess['ignored'] {
  const names = principalNames(facts);
  return ignoredRights(facts).map(({ principalId, roles }) => ({
    principal: `${kindOf(principalId, facts)} ${names.get(principalId) ?? principalId}`,
    roles: roles.map((one) => wayName(one, facts.subscriptions)),
  }));
}

function ofHolder(credentials: Credential[], isWanted: (one: Credential) => boolean): ShownCredential[] {
  return credentials.filter(isWanted).map(({ kind, credentialName, subject, state, expiresOn }) => ({
    name:
      kind.startsWith('client-') || kind === 'saml-certificate'
        ? `${subject.split('/')[0]} '${credentialName}'`
        : credentialName,
    state,
    expiresOn: expiresOn ?? null,
  }));
}

function byKindAndName(a: ShownPrincipal, b: ShownPrincipal): number {
  return `${a.kind} ${a.name} ${a.id}` < `${b.kind} ${b.name} ${b.id}` ? -1 : 1;
}
