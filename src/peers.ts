/** What other tools call a check, and where this one judges otherwise. Their sources as of 2026-11. */
export interface Peers {
  names: string[];
  /** what is judged otherwise here, and why */
  differs?: string;
}

const EXPIRY_TOOLS = ['CIPP', 'AppRegistrationSecretWatcher', 'AzureAppRegistrationSecretMonitor'];
const ONLY_REGISTRIES = 'Only principals that open a registry; one finding per key, not per application.';

/** By check id; a check that is not here has no peer. */
export const PEERS: Record<string, Peers> = {
  'admin-account-enabled': {
    names: [
      'Prowler containerregistry_admin_user_disabled',
      'azqr',
      'PSRule Azure.ACR.AdminUser',
      'Powerpipe container_registry_admin_user_disabled',
      'Checkov CKV_AZURE_137',
      'CloudSploit',
      'Azure Policy "Container registries should have local admin account disabled"',
    ],
    differs: 'An absent field is off, as in Azure.',
  },
  'anonymous-pull-enabled': {
    names: [
      'azqr',
      'PSRule Azure.ACR.AnonymousAccess',
      'Checkov CKV_AZURE_138',
      'CloudSploit',
      'Azure Policy "Container registries should have anonymous authentication disabled"',
    ],
  },
  'arm-audience-tokens-accepted': {
    names: ['Azure Policy "Container registries should have ARM audience token authentication disabled"'],
  },
  'cache-rule-not-allowed': {
    names: ['Azure Policy "Container registries should prevent cache rule creation"'],
    differs: 'Not whether there is a rule, but whether its source is one that the policy allows.',
  },
  'cluster-cannot-pull': {
    names: ['az aks check-acr (canipull)'],
    differs: 'From rights, for every cluster, without running anything in it.',
  },
  'content-trust-enabled': {
    names: [
      'PSRule Azure.ACR.ContentTrust',
      'Powerpipe container_registry_trust_policy_enabled',
      'Checkov CKV_AZURE_164',
      'CloudSploit',
    ],
    differs: 'The opposite: they want it on. Azure removes it on 2028-03-31 and lets nobody switch it on any more.',
  },
  'data-endpoint-disabled': {
    names: ['Checkov CKV_AZURE_237'],
    differs: 'Only where it is Premium and the network is restricted: elsewhere it changes nothing.',
  },
  'defender-plan-disabled': {
    names: [
      'PSRule Azure.ACR.ContainerScan',
      'Powerpipe container_registry_azure_defender_enabled',
      'Azure Policy "Microsoft Defender for Containers should be enabled"',
    ],
    differs: 'Also when the plan is on and its part for registries is off; only subscriptions with registries.',
  },
  'diagnostic-logs-missing': {
    names: ['azqr', 'CloudSploit'],
    differs: 'Looks at which categories really go to a destination, not at whether a setting exists.',
  },
  'encryption-without-customer-key': {
    names: [
      'Powerpipe container_registry_encrypted_with_cmk',
      'CloudSploit',
      'Azure Policy "Container registries should be encrypted with a customer-managed key"',
    ],
    differs: 'Premium only: no other tier can.',
  },
  'export-allowed': {
    names: ['PSRule Azure.ACR.ExportPolicy', 'Azure Policy "Container registries should have exports disabled"'],
    differs: 'Private registries only: Azure refuses the policy elsewhere.',
  },
  'external-private-endpoint': { names: ['Azure Policy (built-in)'] },
  'geo-replication-missing': {
    names: [
      'azqr',
      'PSRule Azure.ACR.GeoReplica',
      'Powerpipe container_registry_geo_replication_enabled',
      'Checkov CKV_AZURE_165',
    ],
    differs: 'A list with the home region alone is not replication; Premium only.',
  },
  'name-not-allowed': { names: ['azqr', 'PSRule Azure.ACR.Name'], differs: 'By your own pattern.' },
  'principal-certificate-expired': { names: ['CIPP', 'AzADServicePrincipalInsights'], differs: ONLY_REGISTRIES },
  'principal-certificate-expiring': {
    names: ['Entra recommendations', 'AzADServicePrincipalInsights'],
    differs: `${ONLY_REGISTRIES} A Sign and Verify pair is one.`,
  },
  'principal-secret-expired': { names: ['Prowler', ...EXPIRY_TOOLS], differs: ONLY_REGISTRIES },
  'principal-secret-expiring': {
    names: ['Prowler', ...EXPIRY_TOOLS, 'Entra recommendations'],
    differs: `${ONLY_REGISTRIES} Weighed by what it opens and by whether another credential is in place.`,
  },
  'principal-secret-long-lived': {
    names: ['AzADServicePrincipalInsights', 'CIPP', 'Maester'],
    differs: ONLY_REGISTRIES,
  },
  'principal-secret-never-expires': {
    names: [],
    differs: 'Others crash on, skip or misread a secret without an end.',
  },
  'private-endpoint-dns-missing': {
    names: ['az acr check-health', 'Azure Policy (deploys zone groups)'],
    differs: 'From the zones themselves, for every registry and every data endpoint, not from one machine.',
  },
  'private-endpoint-not-approved': {
    names: [
      'Prowler containerregistry_uses_private_link',
      'azqr cr-004',
      'Powerpipe container_registry_use_private_link',
      'Azure Policy "Container registries should use private link"',
    ],
    differs: 'They ask whether an endpoint exists; here only an Approved one counts, and one that is not is told.',
  },
  'public-network-access-enabled': {
    names: [
      'Prowler containerregistry_not_publicly_accessible',
      'PSRule Azure.ACR.Firewall',
      'Powerpipe container_registry_restrict_public_access',
      'Checkov CKV_AZURE_139',
      'CloudSploit',
      'Azure Policy "Public network access should be disabled for Container registries"',
    ],
    differs:
      'Three states: Deny with Enabled is not public, Disabled with Allow is not public, absent is Enabled, rules that cover everything are public. Below Premium the advice is the tier.',
  },
  'quarantine-disabled': {
    names: [
      'PSRule Azure.ACR.Quarantine',
      'Powerpipe container_registry_quarantine_policy_enabled',
      'Checkov CKV_AZURE_166',
    ],
    differs: 'Information only: without something that releases images it stops every pull.',
  },
  'registry-without-identity': { names: ['CloudSploit'] },
  'replica-region-not-allowed': { names: ['PSRule Azure.ACR.ReplicaLocation'], differs: 'The home region too.' },
  'required-tags-missing': {
    names: ['CloudSploit', 'azqr'],
    differs: 'The tags that you require, not whether there is any.',
  },
  'retention-disabled': {
    names: [
      'azqr',
      'PSRule Azure.ACR.Retention',
      'Powerpipe container_registry_retention_policy_enabled',
      'Checkov CKV_AZURE_167',
    ],
    differs: 'Premium only: no other tier has it.',
  },
  'sku-below-minimum': { names: ['azqr', 'PSRule Azure.ACR.MinSku'] },
  'sku-lacks-feature': {
    names: ['Azure Policy "Container registries should have SKUs that support Private Links"'],
    differs: 'Only where your policy asks for what the tier cannot do.',
  },
  'soft-delete-disabled': { names: ['azqr', 'PSRule Azure.ACR.SoftDelete'] },
  'token-password-never-expires': {
    names: ['Azure Policy "Container registries should have repository scoped access token disabled"'],
    differs: 'They can only forbid tokens; nobody else reads the dates of their passwords.',
  },
  'trusted-services-bypass': {
    names: ['CloudSploit'],
    differs: 'The opposite: CloudSploit wants the bypass on.',
  },
  'usage-near-limit': {
    names: ['PSRule Azure.ACR.Usage', 'Azure Monitor baseline alerts'],
    differs: 'Every limit, not storage alone; storage above the included amount is billed, not refused.',
  },
  'zone-redundancy-disabled': {
    names: ['azqr', 'Checkov CKV_AZURE_233', 'Azure Policy (built-in)'],
    differs: 'Replicas too.',
  },
};
