import type { Token as WireToken } from '@azure/arm-containerregistry';
import type { Azure } from '../azure.ts';
import type { Registry, ScopeMap, Token, TokenSecret } from '../model/estate.ts';
import type { Gap } from '../model/gap.ts';
import { attempt, gapFrom, isNotFound } from './attempt.ts';
import { confirmMissing } from './registries.ts';
import { firstOfEach, given, instant, oneOf, required } from './wire.ts';

/** The tokens of one registry, with their passwords' dates. `deleted`: the registry went away since it was listed. */
export async function readTokens(
  azure: Azure,
  registry: Registry,
  gaps: Gap[],
): Promise<{ tokens: Token[]; deleted: boolean }> {
  const tokens: Token[] = [];
  const isFirst = firstOfEach();
  let missing: unknown;
  await attempt(gaps, 'tokens', registry.id, async () => {
    try {
      const list = azure.registries(registry.subscriptionId).tokens.list(registry.resourceGroup, registry.name);
      for await (const wire of list) {
        const id = required(wire.id, 'id', `a token of ${registry.id}`);
        if (!isFirst(id)) continue;
        // A gap of the registry, not of the token: that is where the findings of its passwords are.
        const token = await attempt(gaps, 'tokens', registry.id, async () => toToken(wire, id, registry.id));
        if (token) tokens.push(token);
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
      missing = error;
    }
  });
  if (!missing) return { tokens, deleted: false };
  const { deleted, stillThere } = await confirmMissing(azure, [registry.id], gaps);
  if (stillThere.length > 0) gaps.push(gapFrom(missing, 'tokens', registry.id));
  return { tokens: [], deleted: deleted.length > 0 };
}

/** The scope maps of one registry: what its tokens may do. */
export async function readScopeMaps(azure: Azure, registry: Registry, gaps: Gap[]): Promise<ScopeMap[]> {
  const maps: ScopeMap[] = [];
  await attempt(gaps, 'scopeMaps', registry.id, async () => {
    const list = azure.registries(registry.subscriptionId).scopeMaps.list(registry.resourceGroup, registry.name);
    for await (const wire of list) {
      const id = required(wire.id, 'id', `a scope map of ${registry.id}`);
      maps.push({
        id,
        name: required(wire.name, 'name', id),
        registryId: registry.id,
        actions: required(wire.actions, 'actions', id),
      });
    }
  });
  return maps;
}

function toToken(wire: WireToken, id: string, registryId: string): Token {
  // A token without passwords comes with an empty list or without `credentials` at all (wire: tokens-get, tokens-list); never
  // with null.
  const { credentials = {} } = wire;
  const { passwords = [], certificates = [] } = required(credentials, 'credentials', id);
  return {
    id,
    name: required(wire.name, 'name', id),
    registryId,
    enabled: oneOf(required(wire.status, 'status', id), ['enabled', 'disabled'], 'status', id) === 'enabled',
    ...given('createdOn', instant(wire.creationDate, 'creationDate', id)),
    ...given('scopeMapId', wire.scopeMapId),
    passwords: required(passwords, 'passwords', id).map((password) =>
      secret(password.name, password.creationTime, password.expiry, id),
    ),
    certificates: required(certificates, 'certificates', id).map((certificate) =>
      secret(certificate.name, undefined, certificate.expiry, id),
    ),
  };
}

function secret(name: string | undefined, createdOn: Date | undefined, expiry: Date | undefined, id: string) {
  const known = required(name, 'the name of a password or certificate', id);
  const made: TokenSecret = {
    name: known,
    ...given('createdOn', instant(createdOn, `${known} creationTime`, id)),
    ...given('expiresOn', instant(expiry, `${known} expiry`, id)),
  };
  return made;
}
