import { lastSegment } from '../model/armId.ts';
import type { Credential, CredentialKind, Grant } from '../model/credential.ts';
import type { Facts, Instant, Registry, ScopeMap, Token, TokenSecret } from '../model/estate.ts';
import type { Evidence } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import { type LoneCredential, withStates } from './holder.ts';
import { ownersOf } from './owners.ts';
import { grantsOfScopeMap } from './rights.ts';

/** The passwords and certificates of every repository token: two passwords are two credentials of one holder. */
export function tokenCredentials(facts: Facts, now: Instant, policy: Policy): Credential[] {
  const registries = new Map(facts.registries.map((registry) => [registry.id.toLowerCase(), registry]));
  const grantsOf = grantsOfTokens(facts.scopeMaps);
  return facts.tokens.flatMap((token) => {
    const registry = registries.get(token.registryId.toLowerCase());
    if (!registry) return [];
    const grants = grantsOf(token);
    const owners = ownersOf([], [registry], policy);
    const all = [
      ...token.passwords.map((secret) => ({ secret, kind: 'token-password' as const })),
      ...token.certificates.map((secret) => ({ secret, kind: 'token-certificate' as const })),
    ].map(({ secret, kind }) => ({ ...lone(secret, kind, token, registry, grants), owners }));
    return withStates(all, !token.enabled, now);
  });
}

/** What tokens may do by their scope maps, with or without a password; undefined: the map could not be read, or is not there. */
export function grantsOfTokens(maps: ScopeMap[]): (token: Token) => Grant[] | undefined {
  const grants = new Map(maps.map(({ id, actions }) => [id.toLowerCase(), grantsOfScopeMap(actions)]));
  return ({ scopeMapId }) => (scopeMapId === undefined ? [] : grants.get(scopeMapId.toLowerCase()));
}

/** Azure's own, which every registry has: facts §1, "System scope maps". */
const SYSTEM_MAP = /^_repositories_(admin|pull|push)(_metadata_(read|write))?$/i;

/** Whether a finding about a token stands on a scope map that somebody may change: those of the system are what they are. */
export function mapMayChange({ through, scopeMap }: Evidence): boolean {
  const [way] = Array.isArray(through) ? through : [];
  const name = typeof way === 'string' ? /^scope map (.+)$/.exec(way)?.[1] : scopeMap;
  return typeof name === 'string' && !SYSTEM_MAP.test(name);
}

function lone(
  secret: TokenSecret,
  kind: CredentialKind,
  token: Token,
  registry: Registry,
  grants: Grant[] | undefined,
): Omit<LoneCredential, 'owners'> {
  return {
    kind,
    resourceId: registry.id,
    subject: `${token.name}/${secret.name}`,
    holder: {
      type: 'token',
      id: token.id,
      name: token.name,
      registryName: registry.name,
      subscriptionId: registry.subscriptionId,
    },
    credentialName: secret.name,
    ...(secret.createdOn && { startsOn: secret.createdOn }),
    ...(secret.expiresOn && { expiresOn: secret.expiresOn }),
    ...(grants && { grants }),
    registries: [registry.id],
    through: token.scopeMapId === undefined ? [] : [`scope map ${lastSegment(token.scopeMapId)}`],
    federatedInPlace: false,
  };
}
