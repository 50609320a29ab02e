import { ladderStep } from '../access/expiry.ts';
import { renewal, VAULT_SOURCES, vaultCases, vaultHit } from '../access/vaultJudge.ts';
import type { Check } from '../model/check.ts';
import { minuteOf } from '../model/instant.ts';

/** The copy of a registry credential in a Key Vault ends within the ladder: whoever minds its date stops using it. */
export const vaultSecretExpiring: Check = {
  id: 'vault-secret-expiring',
  title: 'Key Vault secret with a registry credential expires soon',
  category: 'credentials',
  severity: 'medium',
  needs: VAULT_SOURCES,
  run: (input) =>
    vaultCases(input).flatMap((one) => {
      const { expiresOn } = one.credential;
      const step = expiresOn && ladderStep(expiresOn, input.now, input.policy.expiry);
      if (!expiresOn || !step) return [];
      const reason = `expires on ${minuteOf(expiresOn)}`;
      return vaultHit(one, { reason, severity: step, fix: renewal(one, input) }, input);
    }),
};
