import { sameId } from '../model/armId.ts';
import type { Credential, Grant } from '../model/credential.ts';
import type { Facts, Instant, ServicePrincipal, Token, VaultSecret } from '../model/estate.ts';
import { indexOf } from '../model/gap.ts';
import type { Policy } from '../model/policy.ts';
import { directoryCredentials } from './directoryCredentials.ts';
import { isCertificate } from './holder.ts';
import { ownersOf } from './owners.ts';
import { unseenCredentials } from './principals.ts';
import { openedBy, reachOfPrincipals } from './reach.ts';
import { tokenCredentials } from './tokenCredentials.ts';
import { isOf } from './vaultTags.ts';

/** A credential is stored a while after it was made (semantics §5). */
const STORED_WITHIN_MS = 60 * 60 * 1000;

/** A vault secret beside the credential that it is a copy of. */
export interface VaultCopy {
  secret: VaultSecret;
  /**
   * what the tags name: that credential, or of the holder's the newest usable one that was made before the copy, or the last
   * that was; undefined: it is not there any more
   */
  real?: Credential;
  /** the credential of the holder and of that kind that was made last and works; undefined: none works */
  newest?: Credential;
  /** every credential of the same holder */
  siblings: Credential[];
  /** who signs in with the application's credentials, where it can be seen */
  principal?: ServicePrincipal;
  /** ids of the registries that it opens, as far as known */
  registries: string[];
  grants?: Grant[];
  /** what is not there any more, where the holder was read: the token, the one that the tags name, or all that the holder signs in with */
  gone?: 'token' | 'named' | 'any';
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
  const reach = reachOfPrincipals(facts);
  const mayHaveOthers = unseenCredentials(facts);
  const isBlind = indexOf(facts.gaps);
  return facts.vaultSecrets.map((secret) => {
    const { holds } = secret;
    if (holds.type === 'application') {
      const isOwn = ({ appId }: { appId: string }): boolean => sameId(appId, holds.appId);
      const own = principals.filter(({ holder }) => holder.type === 'principal' && isOwn(holder));
      const [principal, application] = [facts.servicePrincipals.find(isOwn), facts.applications.find(isOwn)];
      // What can be seen of its credentials says nothing of what they open.
      const opens = [...((principal && reach.get(principal.id.toLowerCase())?.values()) ?? [])];
      const copy = {
        secret,
        siblings: own,
        ...(principal && { principal }),
        ...(opens.length > 0 ? openedBy(opens) : { registries: [] }),
      };
      // It may be a copy of one that cannot be seen.
      if (!principal || mayHaveOthers(principal, application)) return copy;
      const isGone = opens.length > 0 && signingIn(own).length === 0;
      return { ...copy, ...compared(secret, own, undefined, now), ...(isGone && { gone: 'any' as const }) };
    }
    const registry = facts.registries.find((one) => isOf(secret, one));
    const token = facts.vaultedTokens.find(
      ({ name, registryId }) => registryId === registry?.id && sameId(name, holds.token),
    );
    const own = tokens.filter(({ holder }) => holder.type === 'token' && holder.id === token?.id);
    const grants = own[0]?.grants;
    const copy = { secret, siblings: own, ...(grants && { grants }), ...compared(secret, own, holds.password, now) };
    if (!registry) return { ...copy, registries: [] };
    const isThere = copy.real !== undefined || (copy.newest !== undefined && holds.password === undefined);
    const gone = isThere || isBlind('vaultedTokens', registry.id) ? undefined : whatIsGone(token, holds.password);
    return { ...copy, registries: [registry.id], ...(gone && { gone }) };
  });
}

/** The vault secrets as credentials of their own. */
export function vaultCredentials(facts: Facts, now: Instant, policy: Policy): Credential[] {
  const byId = new Map(facts.registries.map((registry) => [registry.id, registry]));
  return vaultCopies(facts, now, policy).map(({ secret, real, principal, registries, grants }) => {
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
      owners: ownersOf(principal?.owners ?? [], opened, policy),
      certificateInPlace: false,
      federatedInPlace: false,
      lastOfHolder: false,
    };
  });
}

/** Whether what is stored is older than the newest credential that works, and so is another one. */
export function isStale({ secret, newest }: VaultCopy): boolean {
  return newest !== undefined && isOlder(secret, newest);
}

/** Whether a version of a secret was made before a credential; without both times nobody can say so. */
function isOlder({ createdOn }: VaultSecret, { startsOn }: Credential): boolean {
  if (!createdOn || !startsOn) return false;
  return Date.parse(startsOn) - Date.parse(createdOn) > STORED_WITHIN_MS;
}

/** Nobody signs in with a SAML pair. */
function signingIn(own: Credential[]): Credential[] {
  return own.filter(({ kind }) => kind !== 'saml-certificate');
}

/** What a copy is compared with, of the credentials of its holder. `name`: as the tags have it. */
function compared(
  secret: VaultSecret,
  own: Credential[],
  name: string | undefined,
  now: Instant,
): Pick<VaultCopy, 'real' | 'newest'> {
  const signIn = signingIn(own);
  const named = signIn.find(({ credentialName }) => credentialName === name?.toLowerCase());
  const newest = newestUsable(alike(signIn, named), now);
  const real = name === undefined ? likelyStored(secret, alike(signIn), now) : named;
  return { ...(real && { real }), ...(newest && { newest }) };
}

/** Which of a holder's credentials a copy is of whose tags do not say it: one made after it only where none works. */
function likelyStored(secret: VaultSecret, credentials: Credential[], now: Instant): Credential | undefined {
  const older = credentials.filter((one) => !isOlder(secret, one));
  const last = newestUsable(older, now) ?? lastOf(older);
  return last ?? (newestUsable(credentials, now) ? undefined : lastOf(credentials));
}

/** The named one and then the others of its kind; without one the secrets, and of a holder that has none the certificates. */
function alike(credentials: Credential[], named?: Credential): Credential[] {
  const kinds = Map.groupBy(credentials, isCertificate);
  if (!named) return kinds.get(false) ?? kinds.get(true) ?? [];
  return [named, ...(kinds.get(isCertificate(named)) ?? []).filter((one) => one !== named)];
}

function whatIsGone(token: Token | undefined, name: string | undefined): VaultCopy['gone'] {
  if (!token) return 'token';
  return name === undefined ? 'any' : 'named';
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
