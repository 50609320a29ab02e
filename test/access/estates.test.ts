import { describe, expect, test } from 'vitest';
import { loadEstate } from '../../simulator/index.ts';
import { CHECKS } from '../../src/checks/index.ts';
import { simulatedSession } from '../../src/cli/session.ts';
import { sweepAll } from '../../src/cli/sweepAll.ts';
import type { ComparedFinding } from '../../src/model/finding.ts';
import type { Policy } from '../../src/model/policy.ts';
import { DEFAULT_POLICY, parsePolicy } from '../../src/policy.ts';
import { memoryStore } from '../../src/state/memory.ts';

/** The checks of credentials and their reach; the others are switched off. */
const MINE = [
  'abac-mode-ignores-role',
  'cache-credential-unhealthy',
  'cluster-cannot-pull',
  'credential-superseded',
  'principal-certificate-expired',
  'principal-certificate-expiring',
  'principal-secret-expired',
  'principal-secret-expiring',
  'principal-secret-long-lived',
  'principal-secret-never-expires',
  'principal-without-owner',
  'registry-role-too-broad',
  'role-assignment-orphaned',
  'token-can-write-everywhere',
  'token-password-expired',
  'token-password-expiring',
  'token-password-never-expires',
  'unreadable-scope',
  'vault-secret-expired',
  'vault-secret-expiring',
  'vault-secret-outlived',
  'vault-secret-without-expiry',
];

function narrowed(policy: Policy): Policy {
  const off = CHECKS.filter(({ id }) => !MINE.includes(id)).map(({ id }) => [id, 'off'] as const);
  return { ...policy, checks: Object.fromEntries(off) };
}

/**
 * Each finding as `check place subject severity`: the place is a registry or the holder, ids are cut to eight digits, and
 * the broad roles are told by role.
 */
function told({ checkId, registryName, evidence, resourceId, subject, severity }: ComparedFinding): string {
  const holder = typeof evidence.holder === 'string' ? evidence.holder : resourceId.slice('/servicePrincipals/'.length);
  const place = resourceId.startsWith('/servicePrincipals/') ? holder : registryName;
  const which = checkId === 'registry-role-too-broad' ? evidence.role : subject.replace(/.*\/roleAssignments\//, '');
  return [checkId, place, which, severity]
    .filter((text) => text !== '')
    .join(' ')
    .replaceAll(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f-]{22}/g, '$1');
}

async function sweep(estate: string, policy: Policy, times: string[] = []): Promise<ComparedFinding[][]> {
  const session = await simulatedSession(estate);
  const store = memoryStore();
  const sweeps: ComparedFinding[][] = [];
  for (const time of [undefined, ...times]) {
    if (time) session.simulator?.advanceTo(time);
    const sweptAt = session.clock().toISOString();
    const swept = await sweepAll(session, { policy: narrowed(policy), store, publish: false, sweptAt });
    expect(swept.failed).toEqual([]);
    sweeps.push(swept.shards.flatMap(({ findings }) => findings));
  }
  return sweeps;
}

function without(checkId: string, findings: ComparedFinding[]): ComparedFinding[] {
  return findings.filter((finding) => finding.checkId !== checkId);
}

const GUIDE_VAULTS = ['kv-contoso-prod', 'kv-contoso-shared'];

// Worked out by hand from the definitions, without looking at a check: simulator/estates/README.md
const GUIDE = `
abac-mode-ignores-role contosodata 0493fdcd low
abac-mode-ignores-role contosodata 685de525 low
abac-mode-ignores-role contosodata 9f2bd3f2 medium
abac-mode-ignores-role contosodata aec551b1 medium
abac-mode-ignores-role contosodata e8968a55 low
cache-credential-unhealthy contosobuild dockerhub medium
cluster-cannot-pull contosodata aks-data high
credential-superseded contosoweb rotating/password1 low
credential-superseded reporting-pull secret/40d6a1a4 low
principal-certificate-expired plant-gateway certificate/52445baa critical
principal-certificate-expiring cert-runner certificate/969101df medium
principal-certificate-expiring saml-portal certificate/a1e38a29 low
principal-secret-expired batch-import secret/fa58c5e9 critical
principal-secret-expired edge-sync secret/8a56e339 low
principal-secret-expired nightly-sync secret/46965b38 low
principal-secret-expired nightly-sync secret/f4d85039 critical
principal-secret-expiring aks-legacy-sp secret/0bcc5501 medium
principal-secret-expiring build-agent-07 secret/78b01e0e high
principal-secret-expiring ci-shop-push secret/0c6b7e93 critical
principal-secret-expiring data-reader secret/a67ce672 high
principal-secret-expiring gh-release secret/fefd220a low
principal-secret-expiring mixed-runner secret/01d0502b medium
principal-secret-expiring payments-pull secret/72e96eeb critical
principal-secret-expiring security-scanner secret/c14ff053 high
principal-secret-expiring web-deploy-pull secret/446cf38f critical
principal-secret-long-lived archive-reader secret/d3c739e1 low
principal-secret-never-expires vendor-appliance secret/d4a48f8c medium
principal-without-owner vendor-appliance medium
registry-role-too-broad contosobuild Container Registry Contributor and Data Access Configuration Administrator medium
registry-role-too-broad Contributor medium
registry-role-too-broad Contributor medium
role-assignment-orphaned 09c5bddc f01bb1ce low
role-assignment-orphaned 09c5bddc f8b453c8 low
token-can-write-everywhere contososhop kiosk-admin medium
token-can-write-everywhere contosoweb ci-push medium
token-password-expired contosohub mirror/password1 low
token-password-expired contosolegacy appliance/password1 critical
token-password-expired contosolegacy batch/password1 critical
token-password-expired contosolegacy twins/password1 low
token-password-expired contosolegacy twins/password2 critical
token-password-expiring contosobuild nightly/password1 high
token-password-expiring contosopay terminal/password1 critical
token-password-expiring contososhop app-ci/password1 high
token-password-expiring contosoweb cart-pull/password1 high
token-password-expiring contosoweb cdn-pull/password1 critical
token-password-expiring contosoweb checkout-pull/password1 high
token-password-expiring contosoweb ci-push/password1 high
token-password-expiring contosoweb price-pull/password1 critical
token-password-expiring contosoweb search-pull/password1 medium
token-password-expiring contosoweb storefront-pull/password1 medium
token-password-never-expires contosohub docs/password1 medium
token-password-never-expires contososhop kiosk-admin/password1 high
token-password-never-expires contososhop kiosk/password1 medium
`;
const VAULTS = `
cluster-cannot-pull contosoplatform aks-staging high
vault-secret-expired contosolegacy acr-appliance high
vault-secret-expiring contosoweb acr-web-checkout high
vault-secret-outlived contosoweb acr-web-rotating medium
vault-secret-outlived contosoweb acr-web-storefront medium
vault-secret-without-expiry contososhop acr-kiosk medium
`;
// Only what is not as it was at 06:00.
const AT_EIGHT = `
changed principal-secret-expiring security-scanner secret/c14ff053 high
new principal-secret-expired payments-pull secret/72e96eeb critical
new principal-secret-expiring dev-test-pull secret/0189ae87 medium
new token-password-expired contosopay terminal/password1 critical
new unreadable-scope contosoweb tokens high
resolved principal-secret-expiring payments-pull secret/72e96eeb critical
resolved token-password-expiring contosobuild nightly/password1 high
resolved token-password-expiring contosopay terminal/password1 critical
unverified credential-superseded contosoweb rotating/password1 low
unverified token-can-write-everywhere contosoweb ci-push medium
unverified token-password-expiring contosoweb cart-pull/password1 high
unverified token-password-expiring contosoweb cdn-pull/password1 critical
unverified token-password-expiring contosoweb checkout-pull/password1 high
unverified token-password-expiring contosoweb ci-push/password1 high
unverified token-password-expiring contosoweb price-pull/password1 critical
unverified token-password-expiring contosoweb search-pull/password1 medium
unverified token-password-expiring contosoweb storefront-pull/password1 medium
`;

function lines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

function listed(findings: ComparedFinding[]): string[] {
  return findings.map(told).sort();
}

describe('the estate guide', () => {
  test('without a policy: every credential and its reach as worked out by hand, and two hours later', async () => {
    const [first = [], second = []] = await sweep('guide', DEFAULT_POLICY, ['2026-11-24T08:00:00Z']);
    expect(listed(without('unreadable-scope', first))).toEqual(lines(GUIDE));
    const later = second.filter(({ status }) => status !== 'ongoing');
    expect(later.map((finding) => `${finding.status} ${told(finding)}`).sort()).toEqual(lines(AT_EIGHT));
  });

  test('with its policy: the clusters that have to pull, and the vaults', async () => {
    const text = `integrations:
  - { cluster: aks-prod, registry: contososhop }
  - { cluster: aks-staging, registry: contosoplatform }
  - { cluster: aks-legacy, registry: contosolegacy }
vaults:
${GUIDE_VAULTS.map((name) => `  - url: https://${name}.vault.azure.net`).join('\n')}`;
    const [found = []] = await sweep('guide', parsePolicy(text, 'guide'));
    expect(listed(without('unreadable-scope', found))).toEqual(lines(GUIDE + VAULTS));
  });
});

test('one secret opens fourteen registries through a nested group and an inherited custom role', async () => {
  const [found = []] = await sweep('blast', DEFAULT_POLICY);
  const [only] = found;
  expect(listed(found)).toEqual(['principal-secret-expiring release-bot secret/447e51cd high']);
  expect({ ...only?.evidence, registries: undefined }).toEqual({
    holder: 'release-bot',
    appId: 'f195e41d-3470-4501-847c-8e1e83776d6a',
    credential: 'release pipeline',
    startsOn: '2025-12-14T06:00:00.000Z',
    expiresOn: '2026-12-14T06:00:00.000Z',
    grants: ['pull'],
    registries: undefined,
    through: ['Contoso Image Consumer at management group contoso, through group sg-image-consumers'],
  });
  expect(only?.evidence.registries).toHaveLength(14);
});

test.each(['quiet', 'quiet-every-sku'])('nothing about credentials in %s', async (estate) => {
  const [found = []] = await sweep(estate, DEFAULT_POLICY);
  expect(listed(found)).toEqual([]);
});

test('quiet has nothing with its vault and its cluster either', async () => {
  const text = `integrations: [{ cluster: aks-quiet, registry: contosobase }]
vaults: [{ url: 'https://kv-contoso-quiet.vault.azure.net' }]`;
  const [found = []] = await sweep('quiet', parsePolicy(text, 'quiet'));
  expect(listed(found)).toEqual([]);
});

describe('what may not be read', () => {
  test('forbidden: what can be read is found, each missing permission is named, nothing hidden is called fine', async () => {
    const text = 'vaults: [{ url: https://kv-contoso-forbidden.vault.azure.net }]';
    const [found = []] = await sweep('forbidden', parsePolicy(text, 'forbidden'));
    expect(listed(without('unreadable-scope', found))).toEqual(
      lines(`
principal-secret-expiring plain-pull secret/3658a31d high
token-password-expired contosoplain old/password1 critical
token-password-expiring contosodefinitions soon/password1 medium
token-password-expiring contosomaps app/password1 high
token-password-expiring contosoroles soon/password1 high
token-password-never-expires contosomaps forever/password1 medium
`),
    );
    // Who changed what is read for every sweep, whatever the checks.
    const missing = found.filter(({ checkId, subject }) => checkId === 'unreadable-scope' && subject !== 'activityLog');
    const named = missing.map(({ subject, evidence }) => `${subject} ${evidence.permission}`);
    expect([...new Set(named)].sort()).toEqual(
      lines(`
clusters Microsoft.ContainerService/managedClusters/read
credentialSets Microsoft.ContainerRegistry/registries/credentialSets/read
groups graph:GroupMember.Read.All
registries Microsoft.ContainerRegistry/registries/read
roleAssignments Microsoft.Authorization/roleAssignments/read
roleDefinitions Microsoft.Authorization/roleDefinitions/read
scopeMaps Microsoft.ContainerRegistry/registries/scopeMaps/read
tokens Microsoft.ContainerRegistry/registries/tokens/read
users graph:User.ReadBasic.All
vaultSecrets vault:list
vaults Microsoft.KeyVault/vaults/read
`),
    );
  });

  test('forbidden-directory: the assignments speak for themselves, no principal does', async () => {
    const [found = []] = await sweep('forbidden-directory', DEFAULT_POLICY);
    expect(listed(found)).toEqual(
      lines(`
registry-role-too-broad Contributor medium
token-password-expired contosodirbuild nightly/password1 critical
token-password-expiring contosodirpay terminal/password1 high
unreadable-scope servicePrincipals high
`),
    );
  });
});

test('no planted secret is in a finding of any estate', async () => {
  for (const estate of ['guide', 'blast', 'forbidden']) {
    const [found = []] = await sweep(estate, DEFAULT_POLICY);
    expect(JSON.stringify(found)).not.toContain('PLANTED');
    expect(JSON.stringify(loadEstate(estate))).toContain('PLANTED');
  }
});
