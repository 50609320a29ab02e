import type { Credential, Grant } from '../model/credential.ts';
import type { Facts, Instant, VaultSecret } from '../model/estate.ts';
import type { Policy } from '../model/policy.ts';
import { directoryCredentials } from './directoryCredentials.ts';
import { ownersOf } from './owners.ts';
import { tokenCredentials } from './tokenCredentials.ts';
import { isOf } from './vaultTags.ts';

/** A vault secret beside the credential that it is a copy of. */
export interface VaultCopy {
  secret: VaultSecret;
  /** what the tags name: that password, or the newest usable credential of the holder, or the last that was; undefined: not found */
  real?: Credential;
  /** the credential of the holder that was made last and works; undefined: none works */
  newest?: Credential;
  /** every credential of the same holder */
  siblings: Credential[];
  /** ids of the registries that it opens, as far as known */
  registries: string[];
  grants?: Grant[];
  /** the holder was read, and what the tags name is not there */
  gone: boolean;
}

/** Every vault secret that holds a registry credential, with that credential. */
export function vaultCopies(facts: Facts, now: Instant, policy: Policy): VaultCopy[] {
  if (facts.vaultSecrets.length === 0) return [];
  const tokens = tokenCredentials(
    { ...facts, tokens: facts.vaultedTokens, scopeMaps: facts.vaultedScopeMaps },
    now,
    policy,
  );
  const principals = directoryCredentials(facts, now, policy);
  return facts.vaultSecrets.map((secret) => {
    const { holds } = secret;
    if (holds.type === 'application') {
      const own = principals.filter(
        ({ holder, kind }) =>
          holder.type === 'principal' && holder.appId.toLowerCase() === holds.appId && kind === 'client-secret',
      );
      const [any] = own;
      return { ...withNewest(secret, own, undefined, now), registries: any?.registries ?? [], gone: false };
    }
    const registry = facts.registries.find((one) => isOf(secret, one));
    const all = tokens.filter(
      ({ holder, resourceId }) =>
        resourceId === registry?.id && holder.name.toLowerCase() === holds.token.toLowerCase(),
    );
    const own = all.filter(({ kind }) => kind === 'token-password');
    const blind = facts.gaps.some(({ source, scope }) => source === 'vaultedTokens' && scope === registry?.id);
    const copy = withNewest(secret, own, holds.password, now);
    const missing = holds.password === undefined ? all.length === 0 : copy.real === undefined;
    return {
      ...copy,
      registries: registry ? [registry.id] : [],
      gone: registry !== undefined && !blind && missing,
    };
  });
}

/** The vault secrets as credentials of their own. */
export function vaultCredentials(facts: Facts, now: Instant, policy: Policy): Credential[] {
  const byId = new Map(facts.registries.map((registry) => [registry.id, registry]));
  return vaultCopies(facts, now, policy).map(({ secret, real, registries, grants }) => {
    const { vaultId, vaultName, name, enabled, createdOn, startsOn, expiresOn } = secret;
    const ended = expiresOn !== undefined && expiresOn <= now;
    const opened = registries.map((id) => byId.get(id)).filter((registry) => registry !== undefined);
    const starts = startsOn ?? createdOn;
    return {
      kind: 'vault-secret',
      resourceId: vaultId,
      subject: name,
      holder: { type: 'vault', id: vaultId, name: vaultName },
      credentialName: name,
      ...(starts && { startsOn: starts }),
      ...(expiresOn && { expiresOn }),
      state: !enabled ? 'disabled' : ended ? 'expired' : 'usable',
      ...(grants && { grants }),
      registries,
      through: real ? [`copy of ${real.subject} of ${real.holder.name}`] : [],
      owners: ownersOf([], opened, policy),
      certificateInPlace: false,
      federatedInPlace: false,
      lastOfHolder: false,
    };
  });
}

function withNewest(secret: VaultSecret, own: Credential[], password: string | undefined, now: Instant) {
  const newest = newestUsable(own, now);
  const real =
    password === undefined ? (newest ?? lastOf(own)) : own.find((one) => one.credentialName === password.toLowerCase());
  const grants = (real ?? own[0])?.grants;
  return { secret, siblings: own, ...(real && { real }), ...(newest && { newest }), ...(grants && { grants }) };
}

/** Which one ended last. */
function lastOf(credentials: Credential[]): Credential | undefined {
  const end = ({ expiresOn }: Credential): number => Date.parse(expiresOn ?? '') || Number.POSITIVE_INFINITY;
  return credentials.toSorted((a, b) => end(b) - end(a))[0];
}

/** Which one started last; without a start nobody can say that it is newer. */
function newestUsable(credentials: Credential[], now: Instant): Credential | undefined {
  let newest: Credential | undefined;
  for (const one of credentials) {
    // One that only starts later is in nobody's hands yet.
    const works = one.state === 'usable' || one.state === 'superseded';
    if (!works || (one.startsOn ?? '') > now) continue;
    if (!newest || (one.startsOn ?? '') > (newest.startsOn ?? '')) newest = one;
  }
  return newest;
}
