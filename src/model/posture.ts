import type { Exposure, Instant } from './estate.ts';

/** What drift is measured on; the names are those of the policy's `expect` (semantics §7). */
export interface Posture {
  exposure: Exposure;
  /** the addresses let in, as networks merged and in one order: however the rules are cut and sorted, they are equal */
  ipRules: string[];
  bypass: 'AzureServices' | 'None';
  tasksBypass: boolean;
  anonymousPull: boolean;
  exportPolicy: 'enabled' | 'disabled';
  armAudienceTokens: boolean;
  adminUser: boolean;
  dataEndpoint: boolean;
}

export type PostureField = keyof Posture;

/** In the order in which people read them: what opens most comes first. */
export const POSTURE_FIELDS = [
  'exposure',
  'ipRules',
  'anonymousPull',
  'adminUser',
  'bypass',
  'tasksBypass',
  'exportPolicy',
  'armAudienceTokens',
  'dataEndpoint',
] as const satisfies readonly PostureField[];

/** What is remembered of a registry, to measure drift by. */
export interface Baseline {
  registryId: string;
  /** when the registry was made: one made later under the same id is another registry */
  createdOn?: Instant;
  firstSeen: { at: Instant; posture: Posture };
  /** it was lost, and made anew of what the sweep at that time expected: whatever was said until then is in it */
  rebuiltAt?: Instant;
  accepted?: Acceptance;
  /** when it was found to be gone; it may turn up elsewhere, moved */
  goneAt?: Instant;
  /** it may have been another's under an older id: what is kept of some other subscription could not be read yet */
  mayBeMoved?: true;
}

/** Somebody said that a posture is right, and why. */
export interface Acceptance {
  at: Instant;
  by: string;
  reason: string;
  posture: Posture;
  /** what was expected until then */
  replaced: Posture;
  /** a sweep has told of it as a change: none does so again, wherever the registry is moved */
  told?: true;
}

/** Where the expectation of one field comes from, strongest first. */
export type ExpectationOrigin = 'policy' | 'accepted' | 'first-seen';

/** A field without a value is not measured. */
export interface ExpectedPosture {
  values: Partial<Posture>;
  origins: Partial<Record<PostureField, ExpectationOrigin>>;
}
