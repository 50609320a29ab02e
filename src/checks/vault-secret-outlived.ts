import { dating } from '../access/rotation.ts';
import { isStale, type VaultCopy } from '../access/vaultCopies.ts';
import { renewal, VAULT_SOURCES, vaultCases, vaultHit } from '../access/vaultJudge.ts';
import type { Check } from '../model/check.ts';
import type { Instant } from '../model/estate.ts';
import { minuteOf } from '../model/instant.ts';

/** The end of a credential is often written by day. */
const SAME_END_WITHIN_MS = 24 * 60 * 60 * 1000;
const GONE = { token: 'is not there any more', named: 'does not have it any more', any: 'has none any more' };

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
      if (gone) reasons.push(`outlives it, since the ${secret.holds.type} ${GONE[gone]}`);
      const stale = replaced(one.copy);
      if (real?.expiresOn && secret.expiresOn && isLater(secret.expiresOn, real.expiresOn)) {
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
function replaced(copy: VaultCopy): string | undefined {
  const { secret, newest } = copy;
  if (!secret.createdOn || !newest?.startsOn || !isStale(copy)) return undefined;
  return `was stored on ${minuteOf(secret.createdOn)}, before ${newest.credentialName} of ${newest.holder.name} was made on ${minuteOf(newest.startsOn)}`;
}

function isLater(one: Instant, other: Instant): boolean {
  return Date.parse(one) - Date.parse(other) > SAME_END_WITHIN_MS;
}
