import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHECKS } from '../src/checks/index.ts';
import { simulatedSession } from '../src/cli/session.ts';
import { sweepAll } from '../src/cli/sweepAll.ts';
import type { ComparedFinding } from '../src/model/finding.ts';
import type { Policy } from '../src/model/policy.ts';
import { DEFAULT_POLICY, parsePolicy } from '../src/policy.ts';
import { memoryStore } from '../src/state/memory.ts';

/** Those of the posture, of operations and of the policy: credentials, and whoever holds them, are tested elsewhere. */
const OURS = CHECKS.filter(
  ({ id, category }) =>
    ['network', 'operations', 'hygiene', 'coverage'].includes(category) ||
    ['admin-account-enabled', 'anonymous-pull-enabled', 'arm-audience-tokens-accepted'].includes(id),
).map(({ id }) => id);
const NOT_OURS = ['cluster-cannot-pull', 'cache-credential-unhealthy', 'public-access-drift'];

async function sweep(estate: string, policy: Policy): Promise<ComparedFinding[]> {
  const session = await simulatedSession(estate);
  const sweptAt = session.clock().toISOString();
  const swept = await sweepAll(session, { policy, store: memoryStore(), publish: false, sweptAt });
  expect(swept.failed).toEqual([]);
  return swept.shards.flatMap(({ findings }) => findings);
}

function policyOf(estate: string): Policy {
  const file = new URL(`../simulator/estates/${estate}.warden.yaml`, import.meta.url);
  return parsePolicy(readFileSync(file, 'utf8'), `${estate}.warden.yaml`);
}

/** `check: registry[subject] severity, …`, sorted. */
function inShort(findings: ComparedFinding[]): string[] {
  const lines = new Map<string, string[]>();
  for (const { checkId, registryName, subscriptionName, resourceId, subject, severity, muted } of findings) {
    if (!OURS.includes(checkId) || NOT_OURS.includes(checkId)) continue;
    const where = registryName || subscriptionName || resourceId.slice(resourceId.lastIndexOf('/') + 1);
    const line = `${where}${subject ? `[${subject}]` : ''} ${severity}${muted ? ' muted' : ''}`;
    lines.set(checkId, [...(lines.get(checkId) ?? []), line]);
  }
  return [...lines].map(([checkId, own]) => `${checkId}: ${own.sort().join(', ')}`).sort();
}

// Worked out by hand from the definitions, without looking at any check.
const GUIDE = [
  'admin-account-enabled: contosolegacy high, contososandbox high, contosovendor high',
  'anonymous-pull-enabled: contosobuild high',
  'arm-audience-tokens-accepted: contosobuild low, contosodev low, contosoedge low, contosohub low, contosolegacy low, contososandbox low, contosotest low, contosovendor low, contosoweb low',
  'content-trust-enabled: contososecure low',
  'data-endpoint-disabled: contosoweb low',
  'diagnostic-logs-missing: contosodev medium, contosoedge medium, contosolegacy medium, contososandbox medium, contosotest medium, contosovendor medium',
  'export-allowed: contosopay low',
  'external-private-endpoint: contosopartner[pe-fabrikam] high',
  'ip-rule-too-broad: contosoplatform[203.0.0.0/12] high',
  'private-endpoint-dns-missing: contosodata low, contosopay[contosopay.westeurope.data] high',
  'private-endpoint-not-approved: contososecure[pe-contososecure] medium',
  'public-network-access-enabled: contosobuild high, contosodev medium, contosoedge high, contosohub medium, contosolegacy medium, contososandbox high, contosotest medium, contosovendor medium',
  'registry-unreachable: contososecure high',
  'replication-unhealthy: contosobuild[eastus] high',
  'tasks-bypass-allowed: contosoweb medium',
  'trusted-services-bypass: contosopartner low, contosoweb low',
  'unreadable-scope: pe-fabrikam[privateEndpoints] high',
  'usage-near-limit: contosobuild[Size] medium, contosohub[Webhooks] high, contosolegacy[Size] medium, contosovendor[Size] medium',
];

const GUIDE_WITH_ITS_POLICY = [
  ...GUIDE.filter((line) => !/^(admin-account|public-network)/.test(line)),
  'admin-account-enabled: contosolegacy high muted, contososandbox high, contosovendor high muted',
  'defender-plan-disabled: Dev low',
  'encryption-without-customer-key: contosobuild info, contosodata info, contosoedge info, contosopartner info, contosopay info, contosoplatform info, contososandbox info, contososecure info, contosoweb info',
  'exception-expired: policy[public-network-access-enabled/contosobuild] medium',
  'exception-orphaned: policy[admin-account-enabled/contosogone] low',
  'geo-replication-missing: contosodata low, contosoedge low, contosopartner low, contosopay low, contosoplatform low, contososandbox low, contososecure low, contosoweb low',
  'public-network-access-enabled: contosobuild high, contosodev medium, contosoedge high, contosohub medium, contosolegacy medium, contososandbox high, contosotest medium, contosovendor info',
  'quarantine-disabled: contosobuild info, contosodata info, contosoedge info, contosopartner info, contosopay info, contosoplatform info, contososandbox info, contososhop info, contosoweb info',
  'registry-without-identity: contosodata info, contosodev info, contosoedge info, contosohub info, contosolegacy info, contosopartner info, contosopay info, contososandbox info, contososecure info, contosotest info, contosovendor info, contosoweb info',
  'retention-disabled: contosobuild info, contosodata info, contosoedge info, contosopartner info, contosoplatform info, contososandbox info, contososecure info, contosoweb info',
  'sku-below-minimum: contosodev low, contosovendor low',
  'soft-delete-disabled: contosobuild low, contosodata low, contosodev low, contosoedge low, contosohub low, contosolegacy low, contosopartner low, contosopay low, contosoplatform low, contososandbox low, contososecure low, contososhop low, contosotest low, contosovendor low',
  'zone-redundancy-disabled: contosodata low, contosoedge low, contosopartner low, contosoplatform low, contososandbox low, contososecure low, contosoweb low',
].sort();

test('guide, without a policy', async () => {
  expect(inShort(await sweep('guide', DEFAULT_POLICY))).toEqual(GUIDE);
});

test('guide, with its policy', async () => {
  expect(inShort(await sweep('guide', policyOf('guide')))).toEqual(GUIDE_WITH_ITS_POLICY);
});

test.each<[string, Policy]>([
  ['quiet', DEFAULT_POLICY],
  ['quiet', policyOf('quiet')],
  ['quiet-every-sku', policyOf('quiet-every-sku')],
])('%s has nothing to find', async (estate, policy) => {
  expect(inShort(await sweep(estate, policy))).toEqual([]);
});

test('quiet-every-sku without its policy says only what those tiers cannot do', async () => {
  const lines = inShort(await sweep('quiet-every-sku', DEFAULT_POLICY));
  expect(lines.map((line) => line.replace(/contoso\w+/g, '…'))).toEqual([
    'public-network-access-enabled: … medium, … medium, … medium',
  ]);
});
