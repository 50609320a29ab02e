import type { Sku } from '../model/estate.ts';
import type { PostureField } from '../model/posture.ts';

/**
 * What of a posture opens a registry to everybody, and how to say in a policy that it is meant: an expectation accepts, and
 * that is for people to decide.
 */
export function openingsOf(
  { exposure, anonymousPull, adminUser }: Partial<Record<PostureField, unknown>>,
  sku: Sku = 'Premium',
): string[] {
  const openings: string[] = [];
  if (exposure === 'public') {
    const why = sku === 'Premium' ? 'Everybody reaches it' : `It is ${sku}, which everybody reaches`;
    openings.push(`${why}. Where that is meant: exposure: public`);
  }
  if (anonymousPull === true)
    openings.push('Anybody pulls from it without signing in. Where that is meant: anonymousPull: true');
  if (adminUser === true)
    openings.push('Its admin account is on. Where that is meant: an exception for admin-account-enabled');
  return openings;
}
