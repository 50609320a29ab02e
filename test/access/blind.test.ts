import { expect, test } from 'vitest';
import type { EstateFile } from '../../simulator/index.ts';
import type { ComparedFinding } from '../../src/model/finding.ts';
import { TENANT_SHARD } from '../../src/model/sweep.ts';
import { runSweep } from '../../src/sweep.ts';
import { OTHER_SUB, only, plan, registryId, SUB, subscription } from '../build.ts';
import { policy } from '../checks/told.ts';
import { contextOf, estateOf, simulated, wireRegistry, wireSubscription, wireToken } from '../wire.ts';

const ACR_PULL = '/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d';
const URL = 'https://kv1.vault.azure.net';
const LATER = '2026-11-24T07:00:00.000Z';
const ROBOT = 'b0000000-0000-0000-0000-000000000001';
const GROUP = 'c0000000-0000-0000-0000-000000000001';
const NODES = 'b0000000-0000-0000-0000-000000000002';
const GONE = { ServicePrincipal: 'b0000000-0000-0000-0000-000000000009', User: 'e0000000-0000-0000-0000-000000000009' };

function given(principalId: string, principalType: string, scope = registryId('shop')) {
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${principalId}`,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: { scope, roleDefinitionId: ACR_PULL, principalId, principalType },
  };
}

/** One finding of each kind that the tenant shard makes, each by another source. */
const ESTATE: EstateFile = estateOf(
  [
    wireRegistry('shop'),
    wireRegistry('far', {}, { subscriptionId: OTHER_SUB }),
    wireRegistry('lake', { roleAssignmentMode: 'AbacRepositoryPermissions' }),
    wireToken('shop', 'ci', [
      { name: 'password1', creationTime: '2026-11-01T00:00:00Z', expiry: '2026-12-24T00:00:00Z' },
    ]),
    given(GROUP, 'Group'),
    given(GONE.ServicePrincipal, 'ServicePrincipal'),
    given(GONE.User, 'User'),
    given(NODES, 'ServicePrincipal', registryId('lake')),
    {
      id: `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`,
      name: 'aks',
      type: 'Microsoft.ContainerService/ManagedClusters',
      properties: { identityProfile: { kubeletidentity: { objectId: NODES } } },
    },
  ],
  {
    subscriptions: [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB })],
    graph: {
      servicePrincipals: [
        { id: ROBOT, appId: 'a1', displayName: 'robot' },
        { id: NODES, appId: 'a2', displayName: 'aks-agentpool', servicePrincipalType: 'ManagedIdentity' },
      ],
      applications: [
        {
          id: 'd1',
          appId: 'a1',
          displayName: 'robot',
          passwordCredentials: [
            { keyId: 'k', startDateTime: '2026-01-01T00:00:00Z', endDateTime: '2026-12-01T00:00:00Z' },
          ],
        },
      ],
      groups: [{ id: GROUP, displayName: 'robots', members: [ROBOT] }],
    },
    vaults: {
      [URL]: [
        {
          id: `${URL}/secrets/acr-ci`,
          attributes: { enabled: true, created: 1793491200, exp: 1800000000 },
          tags: { 'acr-registry': 'shop', 'acr-token': 'ci', 'acr-password': 'password1' },
        },
      ],
    },
  },
);

const FAR = `/subscriptions/${OTHER_SUB}`;
const SUBSCRIPTIONS = [SUB, OTHER_SUB].map((subscriptionId) => ({
  ...subscription({ subscriptionId }),
  retired: false,
}));
const POLICY = policy({
  checks: only(
    'principal-secret-expiring',
    'principal-without-owner',
    'role-assignment-orphaned',
    'abac-mode-ignores-role',
    'cluster-cannot-pull',
    'vault-secret-outlived',
  ).checks,
  vaults: [{ url: URL, tags: { registry: 'acr-registry', token: 'acr-token', password: 'acr-password' } }],
});

function told({ checkId, resourceId, status }: ComparedFinding): string {
  const kind = checkId === 'role-assignment-orphaned' ? ` ${resourceId.split('/')[1]}` : '';
  return `${checkId}${kind} ${status}`;
}

const ALL = [
  'abac-mode-ignores-role',
  'cluster-cannot-pull',
  'principal-secret-expiring',
  'principal-without-owner',
  'role-assignment-orphaned servicePrincipals',
  'role-assignment-orphaned users',
  'vault-secret-outlived',
];

async function twice(denied: { action: string; scope?: string }[]): Promise<string[]> {
  const both = simulated({ ...ESTATE, timeline: [{ at: LATER, denied }] });
  const context = contextOf(both);
  const asked = { policy: POLICY, subscriptions: SUBSCRIPTIONS };
  const first = await runSweep(context, plan(asked), TENANT_SHARD);
  expect(first?.findings.map(told).sort()).toEqual(ALL.map((name) => `${name} new`));
  both.simulator.advanceTo(LATER);
  const second = await runSweep(context, plan({ ...asked, sweptAt: LATER }), TENANT_SHARD);
  return (second?.findings ?? []).map(told).sort();
}

/** `ALL` with the findings that fell silent; the others go on. */
function hidden(...names: string[]): string[] {
  return ALL.map((name) => `${name} ${names.some((one) => name.startsWith(one)) ? 'unverified' : 'ongoing'}`);
}

test.each([
  ['nothing', [], hidden()],
  ['Microsoft.ContainerRegistry/registries/read', [], hidden(...ALL)],
  [
    'Microsoft.Authorization/roleAssignments/read',
    [],
    hidden(...ALL.filter((name) => name !== 'vault-secret-outlived')),
  ],
  [
    'Microsoft.Authorization/roleDefinitions/read',
    [],
    hidden(...ALL.filter((name) => name !== 'vault-secret-outlived')),
  ],
  // What a group is behind is not known, so what came through it is not called gone.
  ['graph:GroupMember.Read.All', [], hidden('principal', 'cluster')],
  // A principal that cannot be looked up is not called deleted, and no secret of it is called renewed.
  ['graph:Application.Read.All', [], hidden('principal', 'role-assignment-orphaned servicePrincipals')],
  ['graph:User.ReadBasic.All', [], hidden('role-assignment-orphaned users')],
  ['Microsoft.ContainerService/managedClusters/read', [], hidden('cluster')],
  // The nodes may pull from there.
  ['Microsoft.ContainerRegistry/registries/read', [{ scope: FAR }], hidden('cluster')],
  ['Microsoft.Authorization/roleAssignments/read', [{ scope: FAR }], hidden('cluster')],
  ['vault:list', [{ scope: URL }], hidden('vault')],
  ['Microsoft.KeyVault/vaults/read', [], hidden('vault')],
  ['Microsoft.ContainerRegistry/registries/tokens/read', [], hidden('vault')],
])('without %s nothing that it hides is called fixed', async (action, [place = {}], expected) => {
  expect(await twice(action === 'nothing' ? [] : [{ action, ...place }])).toEqual(expected);
});
