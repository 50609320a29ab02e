import type { Credential } from '../model/credential.ts';
import type { Instant } from '../model/estate.ts';

/** A credential before it is compared with the others of its holder. */
export type LoneCredential = Omit<Credential, 'state' | 'supersededBy' | 'certificateInPlace' | 'lastOfHolder'>;

/**
 * Decides the state of each credential of one holder (semantics §5): disabled before expired before superseded before
 * usable. `mayHaveOthers`: others of its credentials could not be read, so none can be called its last.
 */
export function withStates(
  credentials: LoneCredential[],
  disabled: boolean,
  now: Instant,
  mayHaveOthers = false,
): Credential[] {
  const usable = disabled ? [] : credentials.filter((credential) => isUsable(credential, now));
  const ended = credentials.filter((credential) => hasEnded(credential, now));
  const last = usable.length > 0 || mayHaveOthers ? undefined : lastOf(ended, 'expiresOn');
  return credentials.map((credential) => {
    const newer = lastOf(
      usable.filter((other) => supersedes(other, credential)),
      'startsOn',
    );
    const state = stateOf(credential, newer !== undefined, disabled, now);
    return {
      ...credential,
      state,
      ...(newer && { supersededBy: newer.subject }),
      certificateInPlace:
        !isCertificate(credential) && usable.some((other) => isCertificate(other) && endsLater(other, credential)),
      lastOfHolder: credential === last,
    };
  });
}

/** Expired: expiry ≤ now (semantics §1). */
function hasEnded({ expiresOn }: LoneCredential, now: Instant): boolean {
  return expiresOn !== undefined && expiresOn <= now;
}

/** One that only starts later opens nothing yet, so it replaces nothing yet. */
function isUsable(credential: LoneCredential, now: Instant): boolean {
  return !hasEnded(credential, now) && (credential.startsOn === undefined || credential.startsOn <= now);
}

function stateOf(credential: LoneCredential, superseded: boolean, disabled: boolean, now: Instant) {
  if (disabled) return 'disabled';
  if (hasEnded(credential, now)) return 'expired';
  return superseded ? 'superseded' : 'usable';
}

/** Same kind, started later, ends later or never. Without a start nobody can say which is the newer one. */
function supersedes(other: LoneCredential, credential: LoneCredential): boolean {
  if (isCertificate(other) !== isCertificate(credential)) return false;
  if (other.startsOn === undefined || credential.startsOn === undefined) return false;
  return other.startsOn > credential.startsOn && endsLater(other, credential);
}

/** Whether another credential ends later than one, or never. */
export function endsLater(other: LoneCredential, credential: LoneCredential): boolean {
  if (other === credential) return false;
  return (
    other.expiresOn === undefined || (credential.expiresOn !== undefined && other.expiresOn > credential.expiresOn)
  );
}

/** Whether somebody signs in, or asserts, with a key instead of a secret. */
export function isCertificate({ kind }: Pick<Credential, 'kind'>): boolean {
  return kind === 'token-certificate' || kind === 'client-certificate' || kind === 'saml-certificate';
}

/** By date, then by subject, so that a tie is decided the same way in every sweep, whatever order Azure has today. */
function lastOf(credentials: LoneCredential[], date: 'startsOn' | 'expiresOn'): LoneCredential | undefined {
  const key = (credential: LoneCredential): string => `${credential[date]} ${credential.subject}`;
  let found: LoneCredential | undefined;
  for (const credential of credentials) {
    if (!found || key(credential) > key(found)) found = credential;
  }
  return found;
}
