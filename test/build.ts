import { credentialsOf } from '../src/access/credentials.ts';
import { CHECKS } from '../src/checks/index.ts';
import type { CheckInput } from '../src/model/check.ts';
import {
  type Facts,
  noFacts,
  type Registry,
  type Replication,
  type Subscription,
  type Token,
  type TokenSecret,
} from '../src/model/estate.ts';
import type { ComparedFinding, Finding } from '../src/model/finding.ts';
import type { Gap } from '../src/model/gap.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Plan, ShardReport } from '../src/model/sweep.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';

/** Small things for tests, right in every respect but those that a test names. */
export const TENANT = '11111111-0000-0000-0000-000000000000';
export const SUB = 'aaaaaaaa-0000-0000-0000-000000000001';
export const OTHER_SUB = 'aaaaaaaa-0000-0000-0000-000000000002';
export const NOW = '2026-11-24T06:00:00.000Z';

const SECOND_MS = 1000;
export const DAY = 24 * 60 * 60;

/** The moment so many seconds after {@link NOW}. */
export function fromNow(seconds: number): string {
  return new Date(Date.parse(NOW) + seconds * SECOND_MS).toISOString();
}

export function registryId(name: string, subscriptionId = SUB): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${name}`;
}

/** A private Premium registry with nothing to complain about. */
export function registry(change: Partial<Registry> = {}): Registry {
  const { name = 'shop', subscriptionId = SUB } = change;
  return {
    id: registryId(name, subscriptionId),
    name,
    subscriptionId,
    resourceGroup: 'rg',
    location: 'westeurope',
    sku: 'Premium',
    loginServer: `${name}.azurecr.io`,
    tags: {},
    provisioningState: 'Succeeded',
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccess: 'Disabled',
    defaultAction: 'Deny',
    ipRules: [],
    exposure: 'private',
    networkRuleBypass: 'None',
    tasksBypass: false,
    exportEnabled: false,
    armAudienceTokens: false,
    roleAssignmentMode: 'LegacyRegistryPermissions',
    dataEndpointEnabled: true,
    dataEndpointHostNames: [],
    privateEndpointConnections: [],
    contentTrust: false,
    quarantine: true,
    retention: true,
    customerKey: true,
    zoneRedundant: true,
    hasIdentity: true,
    ...change,
  };
}

/** A replica of `shop` that works. */
export function replication(change: Partial<Replication> = {}): Replication {
  const { name = 'northeurope', registryId: of = registryId('shop') } = change;
  return {
    id: `${of}/replications/${name}`,
    name,
    registryId: of,
    location: name,
    provisioningState: 'Succeeded',
    displayStatus: 'Ready',
    zoneRedundant: true,
    ...change,
  };
}

/** A token of `shop` without a password. */
export function token(change: Partial<Token> = {}): Token {
  const { name = 'ci', registryId: of = registryId('shop') } = change;
  return {
    id: `${of}/tokens/${name}`,
    name,
    registryId: of,
    enabled: true,
    passwords: [],
    certificates: [],
    ...change,
  };
}

/** A password that was made a day ago and ends at `expiresOn`, or never. */
export function password(expiresOn?: string, name = 'password1'): TokenSecret {
  return { name, createdOn: fromNow(-DAY), ...(expiresOn && { expiresOn }) };
}

export function subscription(change: Partial<Subscription> = {}): Subscription {
  return { subscriptionId: SUB, displayName: 'Prod', tenantId: TENANT, state: 'Enabled', ...change };
}

/** What a check is given, with the credentials that follow from the facts. */
export function input(change: Partial<Facts> & Partial<Pick<CheckInput, 'now' | 'policy'>> = {}): CheckInput {
  const { now = NOW, policy = DEFAULT_POLICY, ...known } = change;
  const facts: Facts = { ...noFacts(TENANT), subscriptions: [subscription()], ...known };
  return { ...facts, credentials: credentialsOf(facts, now, policy), now, policy };
}

export function gap(change: Partial<Gap> = {}): Gap {
  return {
    source: 'registries',
    scope: `/subscriptions/${SUB}`,
    reason: 'cannot read the container registries',
    code: 'AuthorizationFailed',
    ...change,
  };
}

/** The admin account of `shop` is on. */
export function finding(change: Partial<Finding> = {}): Finding {
  return {
    findingId: '0123456789abcdef',
    checkId: 'admin-account-enabled',
    category: 'access',
    severity: 'high',
    title: 'Registry admin account is enabled',
    reason: 'The admin account of shop is enabled.',
    fix: 'az acr update --name shop --admin-enabled false',
    docs: 'docs/checks/admin-account-enabled.md',
    subscriptionId: SUB,
    subscriptionName: 'Prod',
    resourceGroup: 'rg',
    registryName: 'shop',
    registryId: registryId('shop'),
    resourceId: registryId('shop'),
    sku: 'Premium',
    subject: '',
    owners: [],
    evidence: { adminUserEnabled: true },
    ...change,
  };
}

/** The same, as an earlier sweep left it. */
export function compared(change: Partial<ComparedFinding> = {}): ComparedFinding {
  return {
    ...finding(change),
    status: 'ongoing',
    statusReason: '',
    firstSeen: fromNow(-DAY),
    lastChanged: fromNow(-DAY),
    ...change,
  };
}

/** A plan for the tenant and one subscription, at {@link NOW} unless `sweptAt` says otherwise. */
export function plan(change: Partial<Plan> = {}): Plan {
  const { sweptAt = NOW } = change;
  return {
    version: 1,
    sweepId: sweptAt.replace(/[-:]|\.\d+/g, ''),
    sweptAt,
    tenantId: TENANT,
    policy: DEFAULT_POLICY,
    subscriptions: [{ ...subscription(), retired: false }],
    gaps: [],
    ...change,
  };
}

/** The tenant shard of {@link plan}, swept without any trouble. */
export function report(change: Partial<ShardReport> = {}): ShardReport {
  return {
    sweepId: '20261124T060000Z',
    sweptAt: NOW,
    shard: 'tenant',
    startedAt: fromNow(60),
    finishedAt: fromNow(90),
    outcome: 'complete',
    registriesSeen: 2,
    registriesRead: 2,
    registriesDeleted: 0,
    findings: 1,
    findingsBySeverity: { critical: 0, high: 1, medium: 0, low: 0, info: 0 },
    gaps: [],
    requests: 7,
    throttled: 0,
    rowsPublished: 5,
    rowsUndelivered: 0,
    ...change,
  };
}

/** The default policy with all checks off but these. */
export function only(...checks: string[]): Policy {
  const off = CHECKS.filter(({ id }) => !checks.includes(id)).map(({ id }) => [id, 'off'] as const);
  return { ...DEFAULT_POLICY, checks: Object.fromEntries(off) };
}
