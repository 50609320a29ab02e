import { dating } from '../access/rotation.ts';
import type { VaultCopy } from '../access/vaultCopies.ts';
import { renewal, VAULT_SOURCES, vaultCases, vaultHit } from '../access/vaultJudge.ts';
import type { Check } from '../model/check.ts';
import type { Instant } from '../model/estate.ts';
import { minuteOf } from '../model/instant.ts';

const HOUR_MS = 60 * 60 * 1000;
/** A credential is stored a while after it was made, and its end is often written by day. */
const STORED_WITHIN_MS = HOUR_MS;
const SAME_END_WITHIN_MS = 24 * HOUR_MS;
const GONE = {
  token: 'the token is not there any more',
  named: 'the token does not have it any more',
  any: 'the token has none any more',
};

/** The vault says that the copy is good, and the credential is not: it ends before, or was replaced, or is gone. */
export const vaultSecretOutlived: Check = {
  id: 'vault-secret-outlived',
  title: 'Key Vault secret outlives the registry credential that it holds',
  category: 'credentials',
  severity: 'medium',
  needs: VAULT_SOURCES,
  run: (input) =>
    vaultCases(input).flatMap((one) => {
      const { secret, real, newest, gone } = one.copy;
      const reasons: string[] = [];
      if (gone) reasons.push(`outlives it, since ${GONE[gone]}`);
      const stale = replaced(one.copy);
      if (real?.expiresOn && secret.expiresOn && isLater(secret.expiresOn, real.expiresOn, SAME_END_WITHIN_MS)) {
        reasons.push(
          `is dated until ${minuteOf(secret.expiresOn)}, while the credential ends on ${minuteOf(real.expiresOn)}`,
        );
      }
      if (stale) reasons.push(stale);
      if (reasons.length === 0) return [];
      // The right value with the wrong date needs only another date.
      const fix =
        stale || !real?.expiresOn || real !== newest
          ? renewal(one, input)
          : dating(secret.vaultName, secret.name, real.expiresOn);
      return vaultHit(one, { reason: reasons.join(', and '), severity: 'medium', fix }, input);
    }),
};

/** Stored before the credential that is now the newest one that works: it holds an older one. */
function replaced({ secret: { createdOn }, newest }: VaultCopy): string | undefined {
  if (!createdOn || !newest?.startsOn || !isLater(newest.startsOn, createdOn, STORED_WITHIN_MS)) return undefined;
  return `was stored on ${minuteOf(createdOn)}, before ${newest.credentialName} of ${newest.holder.name} was made on ${minuteOf(newest.startsOn)}`;
}

function isLater(one: Instant, other: Instant, byMoreThanMs: number): boolean {
  return Date.parse(one) - Date.parse(other) > byMoreThanMs;
}
