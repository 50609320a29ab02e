/** A rule that is not about a finding: design §8. */
export interface KnownRule {
  rule: RegExp;
  title: string;
  /** what to do where no finding says it; `<registry>` stands for the name */
  advice: string;
  /** whether it tells of what clients see or do, rather than of the auditor */
  isAboutClients: boolean;
  /** checks whose findings may be behind it */
  causes: readonly string[];
  /** what its end says: that all is well, that it is while sweeps are closed, or only that no more of it is seen */
  end: 'mended' | 'mended while swept' | 'says nothing';
}

const AUDITOR = { isAboutClients: false, causes: [] } as const;
const CLIENTS = { isAboutClients: true, causes: [], end: 'says nothing' } as const;

/** What no login and no pull gets past; likelyCause.ts says when. */
const SHUT = [
  'abac-mode-ignores-role',
  'cluster-cannot-pull',
  'credential-superseded',
  'principal-certificate-expired',
  'principal-certificate-expiring',
  'principal-secret-expired',
  'principal-secret-expiring',
  'private-endpoint-dns-missing',
  'private-endpoint-not-approved',
  'public-access-drift',
  'registry-unreachable',
  'role-assignment-orphaned',
  'token-password-expired',
  'token-password-expiring',
  'vault-secret-expired',
  'vault-secret-expiring',
  'vault-secret-outlived',
];

export const KNOWN_RULES: readonly KnownRule[] = [
  {
    ...AUDITOR,
    rule: /sweep-missing/,
    title: 'No sweep has ended in time',
    advice:
      'Look at the function app: do planSweep and closeSweep run, can they sign in, do messages pile up in the poison queues?',
    end: 'mended',
  },
  {
    ...AUDITOR,
    rule: /sweep-incomplete/,
    title: 'Part of the estate was not swept, twice in a row',
    advice:
      'Look at the failed executions of sweepShard, or of sweepTenant, for the named shard, and at its rows in AcrWardenSweeps_CL.',
    end: 'mended while swept',
  },
  {
    ...AUDITOR,
    rule: /coverage-dropped/,
    title: 'The auditor sees fewer registries than a day ago',
    advice: 'Compare its role assignments with those of yesterday: acr-warden preflight names what is missing.',
    end: 'mended while swept',
  },
  {
    ...AUDITOR,
    rule: /rows-undelivered/,
    title: 'Rows wait in the spool, or were dropped from it',
    advice:
      'Look at the reason kept with them in the state container under spool/ and refused/: usually Monitoring Metrics Publisher is missing on the data collection rule. RowsDropped of the closed rows counts what was dropped for good.',
    end: 'mended while swept',
  },
  {
    ...AUDITOR,
    rule: /finding-storm/,
    title: 'Very many findings at once',
    advice:
      'One cause is likelier than many: a changed policy, a tenant-wide expiry, a change by automation. Start from AcrWardenFindings_CL by CheckId.',
    end: 'mended while swept',
  },
  {
    ...CLIENTS,
    rule: /^login-failures-rising/,
    title: 'More logins to a registry fail than usual',
    advice:
      'Look at Identity, CallerIpAddress and ResultDescription in ContainerRegistryLoginEvents: 401 is a credential, 403 the network or a role. Then acr-warden report --registry <registry>, and the rows of AcrWardenChanges_CL: was the admin account or the network switched over?',
    causes: SHUT,
  },
  {
    ...CLIENTS,
    rule: /^pulls-failing/,
    title: 'Fewer pulls from a registry succeed than usual',
    advice:
      'Do clients pull at all now? If they do: acr-warden report --registry <registry>, then az acr check-health --name <registry> --yes from where they run.',
    causes: [...SHUT, 'cache-credential-unhealthy', 'replication-unhealthy'],
  },
  {
    ...CLIENTS,
    rule: /^admin-account-used/,
    title: 'Somebody logged in as the admin account of a registry',
    advice:
      'See who in ContainerRegistryLoginEvents (CallerIpAddress) and give that client an identity of its own; then az acr update --name <registry> --admin-enabled false.',
  },
  {
    ...CLIENTS,
    rule: /^admin-password-read/,
    title: 'Somebody read the admin password of a registry',
    advice:
      'Ask the caller. If nobody expected it: give whoever uses the password an identity of their own, then az acr credential renew --name <registry> for both passwords, then az acr update --name <registry> --admin-enabled false.',
  },
  {
    ...CLIENTS,
    rule: /^admin-password-rotated/,
    title: 'Somebody made a new admin password for a registry',
    advice:
      'Ask the caller whether whoever uses the password has the new one: the old one is refused with 401 from now on.',
  },
];

/** What is known of a rule by its name, if anything. */
export function knownRule(name: string): KnownRule | undefined {
  return KNOWN_RULES.find(({ rule }) => rule.test(name));
}

/** What to do. A name becomes part of a command only where it can be a registry's. */
export function adviceOf(known: KnownRule | undefined, registryName: string): string {
  if (!known) return 'Open the alert in the portal: its rule says what it asks and what to do.';
  return /^[a-z0-9]+$/i.test(registryName) ? known.advice.replaceAll('<registry>', registryName) : known.advice;
}
