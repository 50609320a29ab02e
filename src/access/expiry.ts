import type { Credential } from '../model/credential.ts';
import type { Instant } from '../model/estate.ts';
import { dayOf } from '../model/instant.ts';
import type { Policy } from '../model/policy.ts';
import { lowered, raised, type Severity } from '../model/severity.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The ladder step that a credential's end has reached, if any: the time left ≤ the step, to the second (semantics §1). */
export function ladderStep(expiresOn: Instant, now: Instant, { ladder }: Policy['expiry']): Severity | undefined {
  const left = Date.parse(expiresOn) - Date.parse(now);
  if (left <= 0) return undefined;
  if (left <= ladder.critical * DAY_MS) return 'critical';
  if (left <= ladder.high * DAY_MS) return 'high';
  return left <= ladder.medium * DAY_MS ? 'medium' : undefined;
}

/**
 * One step worse when it can push or delete, or opens many registries; one milder when a certificate is in place. Low
 * whatever else when it signs in nowhere (SAML), or when a federated credential of the holder makes it needless.
 */
export function weighed(base: Severity, credential: Credential, { raiseAbove }: Policy['expiry']): Severity {
  const { kind, grants = [], registries, certificateInPlace, federatedInPlace } = credential;
  if (kind === 'saml-certificate' || federatedInPlace) return 'low';
  const heavy = grants.includes('push') || grants.includes('delete') || registries.length > raiseAbove;
  const severity = heavy ? raised(base) : base;
  return certificateInPlace ? lowered(severity) : severity;
}

/** Days that a new credential lives: the usual ones, or longer where the ladder would soon call it expiring. */
export function newLifetimeDays(usual: number, { ladder }: Policy['expiry']): number {
  return Math.max(usual, 2 * ladder.medium);
}

/** The day so many days after a moment, in UTC. */
export function dayIn(days: number, now: Instant): string {
  return dayOf(new Date(Date.parse(now) + days * DAY_MS).toISOString());
}

/** Days from start to end, rounded down; undefined where either is not known. */
export function lifetimeDays({ startsOn, expiresOn }: Credential): number | undefined {
  if (!startsOn || !expiresOn) return undefined;
  return Math.floor((Date.parse(expiresOn) - Date.parse(startsOn)) / DAY_MS);
}
