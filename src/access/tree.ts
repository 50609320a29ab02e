import { lastSegment } from '../model/armId.ts';
import type { Credential, Grant } from '../model/credential.ts';
import type { Facts, Instant, Registry } from '../model/estate.ts';
import { ignoredRights } from './ignored.ts';
import { principalNames } from './names.ts';
import { kindOf, noteOf, noteOfToken } from './notes.ts';
import { type Reach, reachOfPrincipals, type Way } from './reach.ts';
import { unionOfGrants } from './rights.ts';
import { scopeName } from './scopes.ts';
import { wayName } from './through.ts';
import { grantsOfTokens } from './tokenCredentials.ts';

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

/** The graph as seen from a registry; facts hold its own tokens, and credentials all of its ways in. */
export function accessTo(registry: Registry, facts: Facts, credentials: Credential[]): RegistryAccess {
  const at = { ...facts, registries: [registry] };
  const known = { facts, credentials, names: principalNames(facts) };
  const principals = [...reachOfPrincipals(at)].flatMap(([id, byRegistry]) => {
    const reach = byRegistry.get(registry.id);
    return reach ? [shown(id, [reach], known)] : [];
  });
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
    gaps: facts.gaps.map(({ reason }) => reason),
  };
}

/** What there is to say about principals. */
export interface Known {
  facts: Facts;
  credentials: Credential[];
  names: Map<string, string>;
}

/** One principal with all the ways that it has in. */
export function shown(id: string, reach: Reach[], { facts, credentials, names }: Known): ShownPrincipal {
  const ways = new Map<string, Way>();
  for (const way of reach.flatMap((one) => one.ways)) {
    const key = `${way.assignment.id}|${way.group?.id}`;
    // One role gives other things at a registry in ABAC mode than at one in legacy mode.
    const grants = unionOfGrants(ways.get(key)?.grants ?? [], way.grants);
    ways.set(key, { ...way, grants });
  }
  const grants = new Set(reach.flatMap((one) => one.grants));
  const kind = kindOf(id, facts);
  const note = noteOf(id, kind, reach.length > 0, facts);
  const people = facts.groups.find((group) => group.id.toLowerCase() === id)?.named;
  return {
    id,
    kind,
    name: names.get(id) ?? id,
    grants: (['pull', 'push', 'delete', 'admin'] as const).filter((grant) => grants.has(grant)),
    ways: [...ways.values()].map((way) => wayOf(way, facts)),
    credentials: ofHolder(credentials, ({ holder }) => holder.type === 'principal' && holder.id.toLowerCase() === id),
    ...(note && { note }),
    ...(people && { people }),
  };
}

function wayOf({ role, assignment, group, grants }: Way, { subscriptions }: Facts): ShownWay {
  return {
    role: role.roleName,
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
