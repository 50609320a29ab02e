import type { Credential } from '../model/credential.ts';
import type { Facts, Instant } from '../model/estate.ts';
import type { Policy } from '../model/policy.ts';
import { cacheCredentials } from './cacheCredentials.ts';
import { directoryCredentials } from './directoryCredentials.ts';
import { tokenCredentials } from './tokenCredentials.ts';
import { vaultCredentials } from './vaultCopies.ts';

/** Every credential in the facts, with its state and its reach. */
export function credentialsOf(facts: Facts, now: Instant, policy: Policy): Credential[] {
  return [
    ...tokenCredentials(facts, now, policy),
    ...directoryCredentials(facts, now, policy),
    ...vaultCredentials(facts, now, policy),
    ...cacheCredentials(facts, policy),
  ];
}
