import type { CheckInput } from '../model/check.ts';
import type { Credential, CredentialKind } from '../model/credential.ts';
import type { Hit } from '../model/finding.ts';
import type { Severity } from '../model/severity.ts';
import { ladderStep, weighed } from './expiry.ts';
import { removal, rotation } from './rotation.ts';
import { dayOf, evidenceOf, nameOf, reachOf } from './wording.ts';

/** Credentials of a kind that end soon and that no newer one replaces. */
export function expiring(kind: CredentialKind, { credentials, now, policy }: CheckInput): Hit[] {
  const hits: Hit[] = [];
  for (const credential of ofKind(credentials, kind)) {
    const { expiresOn, state } = credential;
    if (!expiresOn || state !== 'usable') continue;
    const step = ladderStep(expiresOn, now, policy.expiry);
    if (!step) continue;
    const reason = `The ${nameOf(credential)} expires on ${dayOf(expiresOn)}; it allows ${reachOf(credential)}.`;
    const severity = weighed(step, credential, policy.expiry);
    hits.push(hit(credential, reason, severity, rotation(credential, credentials)));
  }
  return hits;
}

/** Credentials of a kind that have ended; the last one of its holder took the holder's access with it. */
export function expired(kind: CredentialKind, { credentials, policy }: CheckInput): Hit[] {
  const hits: Hit[] = [];
  for (const credential of ofKind(credentials, kind)) {
    const { lastOfHolder, expiresOn, holder, state, supersededBy } = credential;
    if (state !== 'expired' || !expiresOn || supersededBy) continue;
    const consequence = lastOfHolder
      ? `and ${holder.name} has no other: ${reachOf(credential)} is lost`
      : 'and is of no use any more';
    const reason = `The ${nameOf(credential)} expired on ${dayOf(expiresOn)}, ${consequence}.`;
    const severity = weighed(lastOfHolder ? 'critical' : 'low', credential, policy.expiry);
    const fix = lastOfHolder ? rotation(credential, credentials) : removal(credential);
    hits.push(hit(credential, reason, severity, fix));
  }
  return hits;
}

/** Credentials of a kind without an end. */
export function neverExpiring(kind: CredentialKind, { credentials, policy }: CheckInput): Hit[] {
  const hits: Hit[] = [];
  for (const credential of ofKind(credentials, kind)) {
    if (credential.expiresOn || credential.state === 'disabled') continue;
    const reason = `The ${nameOf(credential)} never expires; it allows ${reachOf(credential)}.`;
    const severity = weighed('medium', credential, policy.expiry);
    hits.push(hit(credential, reason, severity, rotation(credential, credentials)));
  }
  return hits;
}

function ofKind(credentials: Credential[], kind: CredentialKind): Credential[] {
  return credentials.filter((credential) => credential.kind === kind);
}

/** A finding about one credential. */
export function hit(credential: Credential, reason: string, severity: Severity, fix: string): Hit {
  const { resourceId, subject, expiresOn, certificateInPlace } = credential;
  return {
    resourceId,
    subject,
    reason: certificateInPlace ? `${reason} A certificate of the same holder is in place.` : reason,
    severity,
    ...(expiresOn && { expiresOn }),
    evidence: evidenceOf(credential),
    fix,
  };
}
