import type { CheckInput } from '../src/model/check.ts';
import type { Registry, TokenSecret } from '../src/model/estate.ts';
import type { NetworkRule, Policy } from '../src/model/policy.ts';
import {
  application,
  assignment,
  CI,
  CONTRIBUTOR,
  inDays,
  PULL,
  principal,
  secret,
  vaultSecret,
} from './access/builders.ts';
import { gap, password, SUB } from './build.ts';
import { connection, endpointId } from './checks/told.ts';
import { inOrder } from './inOrder.ts';

const ORDER = inOrder('Premium');
const OTHERS = endpointId('pe', '99999999-0000-0000-0000-000000000000');

function shop(change: Partial<Registry>): Partial<CheckInput> {
  return { registries: ORDER.registries.map((one) => ({ ...one, ...change })) };
}

function policy(change: Partial<Policy>): Partial<CheckInput> {
  return { policy: { ...ORDER.policy, ...change } };
}

function hygiene(change: Partial<Policy['hygiene']>): Partial<CheckInput> {
  return policy({ hygiene: { ...ORDER.policy.hygiene, ...change } });
}

function expected(expect: NetworkRule['expect']): Partial<CheckInput> {
  return policy({ network: [{ registry: 'shop', expect }] });
}

function exception(change: Partial<Policy['exceptions'][number]>): Partial<CheckInput> {
  return policy({ exceptions: ORDER.policy.exceptions.map((one) => ({ ...one, ...change })) });
}

function tokenWith(...passwords: TokenSecret[]): Partial<CheckInput> {
  return { tokens: ORDER.tokens.map((one) => ({ ...one, passwords })) };
}

function holderOf(...secrets: ReturnType<typeof secret>[]): Partial<CheckInput> {
  return { applications: [application(secrets)] };
}

function certificate(expiresOn: string): Partial<CheckInput> {
  return holderOf(secret(expiresOn, { kind: 'certificate' }));
}

function copy(change: Parameters<typeof vaultSecret>[0]): Partial<CheckInput> {
  return { vaultSecrets: [vaultSecret(change)] };
}

function replicas(change: Partial<CheckInput['replications'][number]>): Partial<CheckInput> {
  return { replications: ORDER.replications.map((one) => ({ ...one, ...change })) };
}

/** By check id: what is wrong, where all else is in order, when the check speaks. */
export const FAULTS: Record<string, Partial<CheckInput>> = {
  'abac-mode-ignores-role': shop({ roleAssignmentMode: 'AbacRepositoryPermissions' }),
  'admin-account-enabled': shop({ adminUserEnabled: true }),
  'anonymous-pull-enabled': shop({ anonymousPullEnabled: true }),
  'arm-audience-tokens-accepted': shop({ armAudienceTokens: true }),
  'cache-credential-unhealthy': {
    credentialSets: ORDER.credentialSets.map((one) => ({
      ...one,
      credentials: [{ name: 'Credential1', healthy: false }],
    })),
  },
  'cache-rule-not-allowed': hygiene({ allowedCacheSources: ['quay.io/*'] }),
  'cluster-cannot-pull': { roleAssignments: [assignment(PULL)] },
  'content-trust-enabled': shop({ contentTrust: true }),
  'credential-superseded': tokenWith(
    { ...password(inDays(10)), createdOn: inDays(-80) },
    password(inDays(60), 'password2'),
  ),
  'data-endpoint-disabled': shop({ dataEndpointEnabled: false }),
  'defender-plan-disabled': { defenderPlans: [{ subscriptionId: SUB, enabled: true, scansRegistries: false }] },
  'diagnostic-logs-missing': { diagnosticSettings: [] },
  'encryption-without-customer-key': shop({ customerKey: false }),
  'exception-expired': exception({ until: '2026-01-01' }),
  'exception-orphaned': exception({ registry: 'gone' }),
  'export-allowed': shop({ exportEnabled: true }),
  'external-private-endpoint': shop({ privateEndpointConnections: [connection({ endpointId: OTHERS })] }),
  'geo-replication-missing': { replications: ORDER.replications.slice(0, 1) },
  'ip-rule-too-broad': shop({ exposure: 'selected-networks', publicNetworkAccess: 'Enabled', ipRules: ['10.0.0.0/8'] }),
  'name-not-allowed': hygiene({ namePattern: '^acr' }),
  'policy-invalid': { policyProblem: { place: 'p', name: 'w', problems: ['w:1:1: x'], inForce: 'default' } },
  'principal-certificate-expired': certificate(inDays(0)),
  'principal-certificate-expiring': certificate(inDays(10)),
  'principal-secret-expired': holderOf(secret(inDays(0))),
  'principal-secret-expiring': holderOf(secret(inDays(10))),
  'principal-secret-long-lived': holderOf(secret(inDays(900), { startsOn: inDays(-1) })),
  'principal-secret-never-expires': holderOf(secret(undefined)),
  'principal-without-owner': { servicePrincipals: [principal({ owners: [] })] },
  'private-endpoint-dns-missing': { dnsZones: ORDER.dnsZones.map(({ id }) => ({ id, records: ['shop'] })) },
  'private-endpoint-not-approved': shop({ privateEndpointConnections: [connection({ status: 'Pending' })] }),
  'public-access-drift': expected({ adminUser: true }),
  'public-network-access-enabled': shop({ exposure: 'public', publicNetworkAccess: 'Enabled', defaultAction: 'Allow' }),
  'quarantine-disabled': shop({ quarantine: false }),
  'registry-role-too-broad': { roleAssignments: [assignment(CONTRIBUTOR)] },
  'registry-unreachable': shop({ privateEndpointConnections: [] }),
  'registry-without-identity': shop({ hasIdentity: false, customerKey: true }),
  'replica-region-not-allowed': hygiene({ allowedRegions: ['westeurope'] }),
  'replication-unhealthy': replicas({ displayStatus: 'Offline' }),
  'required-tags-missing': shop({ tags: {} }),
  'retention-disabled': shop({ retention: false }),
  'role-assignment-orphaned': { missingPrincipals: [CI] },
  'sku-below-minimum': { ...hygiene({ minimumSku: 'Premium' }), ...shop({ sku: 'Standard' }) },
  'sku-lacks-feature': { ...expected({ exposure: 'private' }), ...shop({ sku: 'Standard' }) },
  'soft-delete-disabled': shop({ softDelete: false }),
  'tasks-bypass-allowed': shop({ tasksBypass: true }),
  'token-can-write-everywhere': {
    scopeMaps: ORDER.scopeMaps.map((one) => ({ ...one, actions: ['repositories/*/content/write'] })),
  },
  'token-password-expired': tokenWith(password(inDays(0))),
  'token-password-expiring': tokenWith(password(inDays(10))),
  'token-password-never-expires': tokenWith(password()),
  'trusted-services-bypass': shop({ networkRuleBypass: 'AzureServices' }),
  'unreadable-scope': { gaps: [gap()] },
  'usage-near-limit': { usages: ORDER.usages.map((one) => ({ ...one, currentValue: one.limit })) },
  'vault-secret-expired': copy({ expiresOn: inDays(0) }),
  'vault-secret-expiring': copy({ expiresOn: inDays(10) }),
  'vault-secret-outlived': copy({ expiresOn: inDays(90) }),
  'vault-secret-without-expiry': copy({}),
  'zone-redundancy-disabled': replicas({ zoneRedundant: false }),
};
