import type { Instant } from './estate.ts';
import type { Severity } from './severity.ts';

export type Category = 'credentials' | 'access' | 'network' | 'operations' | 'hygiene' | 'coverage';
export type Status = 'new' | 'changed' | 'ongoing' | 'resolved' | 'unverified';
export type ResolvedReason = 'fixed' | 'accepted' | 'deleted' | 'out-of-scope';
/** Facts that change only when the world changes: `expiresOn`, never "days left". */
export type Evidence = Record<string, unknown>;

/** Ids of the registries that some evidence names, as it stands in a finding or in a row of one. */
export function registriesIn(evidence: unknown): string[] {
  const isNamed = typeof evidence === 'object' && evidence !== null && 'registries' in evidence;
  return isNamed && Array.isArray(evidence.registries) ? evidence.registries.map(String) : [];
}

/** What a check says; the engine adds everything else. */
export interface Hit {
  /** what is wrong: an ARM id, `/servicePrincipals/<object id>`, … */
  resourceId: string;
  /** which part of it; absent when the resource itself is meant */
  subject?: string;
  /** one sentence with the real names */
  reason: string;
  evidence: Evidence;
  /** other than the check's own */
  severity?: Severity;
  expiresOn?: Instant;
  owners?: string[];
  /** who made the change behind it; `unknown` where Azure does not say */
  changedBy?: string;
  changedAt?: Instant;
  /** the exact command that mends it, with the real names */
  fix: string;
}

/** A hit with its place in the world, as it is kept in the state and written as a row. */
export interface Finding {
  findingId: string;
  checkId: string;
  category: Category;
  severity: Severity;
  title: string;
  reason: string;
  fix: string;
  docs: string;
  subscriptionId: string;
  subscriptionName: string;
  resourceGroup: string;
  registryName: string;
  registryId: string;
  resourceId: string;
  sku: string;
  subject: string;
  expiresOn?: Instant;
  owners: string[];
  /** who made the change behind it; `unknown` where Azure does not say */
  changedBy?: string;
  changedAt?: Instant;
  evidence: Evidence;
}

/** Why a finding is left alone, who wants that, and when it ends. */
export interface Mute {
  reason: string;
  owner: string;
  until: Instant;
}

/** A finding compared with the sweep before. */
export interface ComparedFinding extends Finding {
  /** an exception of the policy covers it: stored and shown apart, never paged */
  muted?: Mute;
  status: Status;
  statusReason: ResolvedReason | '';
  firstSeen: Instant;
  lastChanged: Instant;
}
