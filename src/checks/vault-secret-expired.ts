import { renewal, VAULT_SOURCES, vaultCases, vaultHit } from '../access/vaultJudge.ts';
import type { Check } from '../model/check.ts';
import { minuteOf } from '../model/instant.ts';

/** The copy of a registry credential in a Key Vault has ended: whoever minds its date has stopped using it. */
export const vaultSecretExpired: Check = {
  id: 'vault-secret-expired',
  title: 'Key Vault secret with a registry credential has expired',
  category: 'credentials',
  severity: 'high',
  needs: VAULT_SOURCES,
  run: (input) =>
    vaultCases(input).flatMap((one) => {
      const { expiresOn, state } = one.credential;
      if (!expiresOn || state !== 'expired') return [];
      const reason = `expired on ${minuteOf(expiresOn)}`;
      return vaultHit(one, { reason, severity: 'high', fix: renewal(one, input) }, input);
    }),
};
