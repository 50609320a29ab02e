import type { Credential } from '../model/credential.ts';
import type { Facts, Instant } from '../model/estate.ts';
import { directoryCredentials } from './directoryCredentials.ts';
import { tokenCredentials } from './tokenCredentials.ts';

/** Every credential in the facts, with its state and its reach. */
export function credentialsOf(facts: Facts, now: Instant): Credential[] {
  return [...tokenCredentials(facts, now), ...directoryCredentials(facts, now)];
}
