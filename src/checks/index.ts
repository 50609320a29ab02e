import type { Check } from '../model/check.ts';
import { SOURCES } from '../model/source.ts';
import { abacModeIgnoresRole } from './abac-mode-ignores-role.ts';
import { adminAccountEnabled } from './admin-account-enabled.ts';
import { anonymousPullEnabled } from './anonymous-pull-enabled.ts';
import { armAudienceTokensAccepted } from './arm-audience-tokens-accepted.ts';
import { cacheCredentialUnhealthy } from './cache-credential-unhealthy.ts';
import { cacheRuleNotAllowed } from './cache-rule-not-allowed.ts';
import { clusterCannotPull } from './cluster-cannot-pull.ts';
import { contentTrustEnabled } from './content-trust-enabled.ts';
import { credentialSuperseded } from './credential-superseded.ts';
import { dataEndpointDisabled } from './data-endpoint-disabled.ts';
import { defenderPlanDisabled } from './defender-plan-disabled.ts';
import { diagnosticLogsMissing } from './diagnostic-logs-missing.ts';
import { encryptionWithoutCustomerKey } from './encryption-without-customer-key.ts';
import { exceptionExpired } from './exception-expired.ts';
import { exceptionOrphaned } from './exception-orphaned.ts';
import { exportAllowed } from './export-allowed.ts';
import { externalPrivateEndpoint } from './external-private-endpoint.ts';
import { geoReplicationMissing } from './geo-replication-missing.ts';
import { ipRuleTooBroad } from './ip-rule-too-broad.ts';
import { nameNotAllowed } from './name-not-allowed.ts';
import { policyInvalid } from './policy-invalid.ts';
import { principalCertificateExpired } from './principal-certificate-expired.ts';
import { principalCertificateExpiring } from './principal-certificate-expiring.ts';
import { principalSecretExpired } from './principal-secret-expired.ts';
import { principalSecretExpiring } from './principal-secret-expiring.ts';
import { principalSecretLongLived } from './principal-secret-long-lived.ts';
import { principalSecretNeverExpires } from './principal-secret-never-expires.ts';
import { principalWithoutOwner } from './principal-without-owner.ts';
import { privateEndpointDnsMissing } from './private-endpoint-dns-missing.ts';
import { privateEndpointNotApproved } from './private-endpoint-not-approved.ts';
import { publicAccessDrift } from './public-access-drift.ts';
import { publicNetworkAccessEnabled } from './public-network-access-enabled.ts';
import { quarantineDisabled } from './quarantine-disabled.ts';
import { registryRoleTooBroad } from './registry-role-too-broad.ts';
import { registryUnreachable } from './registry-unreachable.ts';
import { registryWithoutIdentity } from './registry-without-identity.ts';
import { replicaRegionNotAllowed } from './replica-region-not-allowed.ts';
import { replicationUnhealthy } from './replication-unhealthy.ts';
import { requiredTagsMissing } from './required-tags-missing.ts';
import { retentionDisabled } from './retention-disabled.ts';
import { roleAssignmentOrphaned } from './role-assignment-orphaned.ts';
import { skuBelowMinimum } from './sku-below-minimum.ts';
import { skuLacksFeature } from './sku-lacks-feature.ts';
import { softDeleteDisabled } from './soft-delete-disabled.ts';
import { tasksBypassAllowed } from './tasks-bypass-allowed.ts';
import { tokenCanWriteEverywhere } from './token-can-write-everywhere.ts';
import { tokenPasswordExpired } from './token-password-expired.ts';
import { tokenPasswordExpiring } from './token-password-expiring.ts';
import { tokenPasswordNeverExpires } from './token-password-never-expires.ts';
import { trustedServicesBypass } from './trusted-services-bypass.ts';
import { unreadableScope } from './unreadable-scope.ts';
import { usageNearLimit } from './usage-near-limit.ts';
import { vaultSecretExpired } from './vault-secret-expired.ts';
import { vaultSecretExpiring } from './vault-secret-expiring.ts';
import { vaultSecretOutlived } from './vault-secret-outlived.ts';
import { vaultSecretWithoutExpiry } from './vault-secret-without-expiry.ts';
import { zoneRedundancyDisabled } from './zone-redundancy-disabled.ts';

/** Every check, by id. */
export const CHECKS: readonly Check[] = [
  abacModeIgnoresRole,
  adminAccountEnabled,
  anonymousPullEnabled,
  armAudienceTokensAccepted,
  cacheCredentialUnhealthy,
  cacheRuleNotAllowed,
  clusterCannotPull,
  contentTrustEnabled,
  credentialSuperseded,
  dataEndpointDisabled,
  defenderPlanDisabled,
  diagnosticLogsMissing,
  encryptionWithoutCustomerKey,
  exceptionExpired,
  exceptionOrphaned,
  exportAllowed,
  externalPrivateEndpoint,
  geoReplicationMissing,
  ipRuleTooBroad,
  nameNotAllowed,
  policyInvalid,
  principalCertificateExpired,
  principalCertificateExpiring,
  principalSecretExpired,
  principalSecretExpiring,
  principalSecretLongLived,
  principalSecretNeverExpires,
  principalWithoutOwner,
  privateEndpointDnsMissing,
  privateEndpointNotApproved,
  publicAccessDrift,
  publicNetworkAccessEnabled,
  quarantineDisabled,
  registryRoleTooBroad,
  registryUnreachable,
  registryWithoutIdentity,
  replicaRegionNotAllowed,
  replicationUnhealthy,
  requiredTagsMissing,
  retentionDisabled,
  roleAssignmentOrphaned,
  skuBelowMinimum,
  skuLacksFeature,
  softDeleteDisabled,
  tasksBypassAllowed,
  tokenCanWriteEverywhere,
  tokenPasswordExpired,
  tokenPasswordExpiring,
  tokenPasswordNeverExpires,
  trustedServicesBypass,
  unreadableScope,
  usageNearLimit,
  vaultSecretExpired,
  vaultSecretExpiring,
  vaultSecretOutlived,
  vaultSecretWithoutExpiry,
  zoneRedundancyDisabled,
];

/** The shards that run a check, from what it needs; one that needs nothing of its own runs in both. */
export function shardsOf({ needs, shard }: Check): ('subscription' | 'tenant')[] {
  if (shard) return [shard];
  const shards = new Set(needs.map((source) => SOURCES[source].shard));
  if (shards.size === 0) return ['subscription', 'tenant'];
  const own = (['subscription', 'tenant'] as const).filter((shard) => shards.has(shard));
  return own.length > 0 ? own : ['subscription'];
}
