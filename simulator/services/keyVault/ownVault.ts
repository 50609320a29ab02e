import type { Wire } from '../../estate.ts';

/** A workflow of Teams that the simulator answers; its signature is as secret as a real one. */
const TEAMS_URL =
  'https://prod-77.westeurope.logic.azure.com:443/workflows/5a1e5a1e5a1e5a1e5a1e5a1e5a1e5a1e/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=PLANTED-workflow-signature';

/** The auditor's own vault: the only one whose values it may read. */
export const SIMULATED_VAULT = {
  url: 'https://kv-acr-warden-simulated.vault.azure.net',
  /** Identifier of the secret that holds the address of the simulated Teams workflow. */
  teamsUrlSecret: 'https://kv-acr-warden-simulated.vault.azure.net/secrets/teams-url',
};

/** The secret as a GET shows it; `undefined` when the vault has none of that name. */
export function ownSecret(name: string): Wire | undefined {
  if (name !== 'teams-url') return undefined;
  return {
    value: TEAMS_URL,
    id: `${SIMULATED_VAULT.teamsUrlSecret}/5a1e0000000000000000000000000001`,
    attributes: {
      enabled: true,
      created: 1_780_000_000,
      updated: 1_780_000_000,
      recoveryLevel: 'Recoverable+Purgeable',
      recoverableDays: 90,
    },
    tags: {},
  };
}
