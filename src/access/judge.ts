import type { CheckInput } from '../model/check.ts';
import type { Credential, CredentialKind } from '../model/credential.ts';
import type { Hit } from '../model/finding.ts';
import { minuteOf } from '../model/instant.ts';
import type { Severity } from '../model/severity.ts';
import { ladderStep, weighed } from './expiry.ts';
import { removal, rotation } from './rotation.ts';
import { evidenceOf, nameOf, reachOf } from './wording.ts';

/** Credentials of some kinds that end soon and that no newer one replaces. */
export function expiring(kinds: readonly CredentialKind[], input: CheckInput): Hit[] {
  const { credentials, now, policy } = input;
  const hits: Hit[] = [];
  for (const credential of ofKinds(credentials, kinds)) {
    const { expiresOn, state } = credential;
    if (!expiresOn || state !== 'usable') continue;
    const step = ladderStep(expiresOn, now, policy.expiry);
    if (!step) continue;
    const reason = `The ${nameOf(credential)} expires on ${minuteOf(expiresOn)}; ${consequence(credential)}.`;
    const severity = weighed(step, credential, policy.expiry);
    hits.push(hit(credential, reason, severity, rotation(credential, input)));
  }
  return hits;
}

/** Credentials of some kinds that have ended; the last one of its holder took the holder's access with it. */
export function expired(kinds: readonly CredentialKind[], input: CheckInput): Hit[] {
  const { credentials, policy } = input;
  const hits: Hit[] = [];
  for (const credential of ofKinds(credentials, kinds)) {
    const { lastOfHolder, expiresOn, state, supersededBy } = credential;
    if (state !== 'expired' || !expiresOn || supersededBy) continue;
    const loss = lastOfHolder ? lossOf(credential) : 'and is of no use any more';
    const reason = `The ${nameOf(credential)} expired on ${minuteOf(expiresOn)}, ${loss}.`;
    const severity = weighed(lastOfHolder ? 'critical' : 'low', credential, policy.expiry);
    const fix = lastOfHolder ? rotation(credential, input) : removal(credential);
    hits.push(hit(credential, reason, severity, fix));
  }
  return hits;
}

/** Credentials of some kinds without an end. */
export function neverExpiring(kinds: readonly CredentialKind[], input: CheckInput): Hit[] {
  const { credentials, policy } = input;
  const hits: Hit[] = [];
  for (const credential of ofKinds(credentials, kinds)) {
    if (credential.expiresOn || credential.state === 'disabled') continue;
    const reason = `The ${nameOf(credential)} never expires; ${consequence(credential)}.`;
    const severity = weighed('medium', credential, policy.expiry);
    hits.push(hit(credential, reason, severity, rotation(credential, input)));
  }
  return hits;
}

export function ofKinds(credentials: Credential[], kinds: readonly CredentialKind[]): Credential[] {
  return credentials.filter(({ kind }) => kinds.includes(kind));
}

/** A finding about one credential. */
export function hit(credential: Credential, reason: string, severity: Severity, fix: string): Hit {
  const { resourceId, subject, expiresOn, owners } = credential;
  return {
    resourceId,
    subject,
    reason: `${reason}${inPlace(credential)}`,
    severity,
    ...(expiresOn && { expiresOn }),
    owners,
    evidence: evidenceOf(credential),
    fix,
  };
}

function consequence(credential: Credential): string {
  if (credential.kind === 'saml-certificate') return 'single sign-on depends on it, signing in to registries does not';
  return `it allows ${reachOf(credential)}`;
}

/** What the end of a holder's last credential means to it: with a federated one it still signs in. */
function lossOf(credential: Credential): string {
  const alone = `and ${credential.holder.name} has no other that works`;
  return credential.federatedInPlace ? alone : `${alone}: ${reachOf(credential)} is lost`;
}

/** What makes the finding milder. */
function inPlace({ certificateInPlace, federatedInPlace, kind }: Credential): string {
  if (kind === 'saml-certificate') return '';
  if (federatedInPlace) return ' A federated credential of the same holder is in place.';
  return certificateInPlace ? ' A certificate of the same holder is in place.' : '';
}
