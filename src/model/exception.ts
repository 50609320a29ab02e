import { lastSegment, sameId } from './armId.ts';
import type { Instant } from './estate.ts';
import { fits } from './pattern.ts';
import type { Exception } from './policy.ts';

/** The resource that findings about the policy itself are about. */
export const POLICY_ID = '/policy';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Texts of later years do not sort behind this one. */
const LAST: Instant = '9999-12-31T23:59:59.999Z';

/** The moment at which an exception ends: 24:00 UTC of its last day (semantics §1). */
export function endOf({ until }: Pick<Exception, 'until'>): Instant {
  const end = new Date(Date.parse(`${until}T00:00:00Z`) + DAY_MS).toISOString();
  return end.startsWith('+') ? LAST : end;
}

/** Whether a registry is the one that an exception names: by its id, its name, or a pattern of names. */
export function fitsRegistry(registryId: string, wanted: string): boolean {
  return wanted.startsWith('/') ? sameId(registryId, wanted) : fits(lastSegment(registryId), wanted);
}
