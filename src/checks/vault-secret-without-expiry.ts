import { dating } from '../access/rotation.ts';
import { isStale } from '../access/vaultCopies.ts';
import { renewal, VAULT_SOURCES, vaultCases, vaultHit } from '../access/vaultJudge.ts';
import type { Check } from '../model/check.ts';

/** A copy without a date in the vault: no reminder of the vault's own, and nobody sees that it is due. */
export const vaultSecretWithoutExpiry: Check = {
  id: 'vault-secret-without-expiry',
  title: 'Key Vault secret with a registry credential has no expiry',
  category: 'credentials',
  severity: 'medium',
  needs: VAULT_SOURCES,
  run: (input) =>
    vaultCases(input)
      .filter(({ credential }) => credential.expiresOn === undefined)
      .map((one) => {
        const { secret, real } = one.copy;
        const end = isStale(one.copy) ? undefined : real?.expiresOn;
        const fix = end ? dating(secret.vaultName, secret.name, end) : renewal(one, input);
        return vaultHit(one, { reason: 'has no expiry', severity: 'medium', fix }, input);
      }),
};
