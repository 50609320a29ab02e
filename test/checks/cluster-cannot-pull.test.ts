import { expect, test } from 'vitest';
import { clusterCannotPull } from '../../src/checks/cluster-cannot-pull.ts';
import type { Cluster, Facts } from '../../src/model/estate.ts';
import {
  assignment,
  CI,
  GROUP,
  group,
  holding,
  OTHER,
  PULL,
  principal,
  REPOSITORY_READER,
  role,
} from '../access/builders.ts';
import { gap, input, OTHER_SUB, registry, registryId, SUB } from '../build.ts';
import { policy, told } from './told.ts';

const SECOND = 'cccccccc-0000-0000-0000-000000000002';
const AKS_ID = `/subscriptions/${SUB}/resourcegroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`;
const AKS: Cluster = { id: AKS_ID, name: 'aks', subscriptionId: SUB, kubeletId: CI };
const WITH_PRINCIPAL: Cluster = { id: AKS_ID, name: 'aks', subscriptionId: SUB, clientId: 'APP-1' };
const ABAC = registry({ name: 'lake', roleAssignmentMode: 'AbacRepositoryPermissions' });
const AT_LAKE = assignment(PULL, { scope: ABAC.id });
const READER = assignment(REPOSITORY_READER, { scope: ABAC.id });
const GROUP_AT_LAKE = assignment(PULL, { scope: ABAC.id, principalId: GROUP, principalType: 'Group' });
const SECOND_AT_LAKE = assignment(PULL, { scope: ABAC.id, principalId: SECOND, principalType: 'Group' });
const FOUND = ['aks [aks] high'];

function facts(change: Partial<Facts>): Partial<Facts> {
  return holding([], { clusters: [AKS], registries: [registry(), ABAC], ...change });
}

const NAMED = policy({ integrations: [{ cluster: 'AKS', registry: 'Shop' }] });
const BY_ID = policy({ integrations: [{ cluster: AKS_ID.toUpperCase(), registry: registryId('shop') }] });

test.each([
  ['it pulls', {}, []],
  ['it has no right', { roleAssignments: [] }, FOUND],
  ['it pulls from another registry only', { roleAssignments: [READER] }, FOUND],
  ['somebody else pulls', { roleAssignments: [assignment(PULL, { principalId: OTHER })] }, FOUND],
  [
    'through a group',
    { roleAssignments: [assignment(PULL, { principalId: GROUP, principalType: 'Group' })], groups: [group([CI])] },
    [],
  ],
  ['its service principal pulls', { clusters: [WITH_PRINCIPAL] }, []],
  [
    'its service principal has no right',
    { clusters: [WITH_PRINCIPAL], roleAssignments: [], servicePrincipals: [] },
    FOUND,
  ],
  [
    'its service principal is another',
    { clusters: [WITH_PRINCIPAL], servicePrincipals: [principal({ appId: 'other' })] },
    FOUND,
  ],
  ['it may push, and not pull', { roleDefinitions: [PUSH_ONLY()], roleAssignments: [assignment(PUSH_ONLY())] }, FOUND],
  ['the registry is not there', { registries: [ABAC], roleAssignments: [] }, []],
])('integrated: %s', (_, change, expected) => {
  for (const one of [NAMED, BY_ID])
    expect(told(clusterCannotPull, { ...facts(change), policy: one })).toEqual(expected);
});

function PUSH_ONLY() {
  return role('Push', 'Microsoft.ContainerRegistry/registries/push/write');
}

const GONE = { servicePrincipals: [], missingPrincipals: [CI] };
const DISABLED = { servicePrincipals: [principal({ enabled: false })] };
const UNLISTED = { gaps: [gap({ source: 'roleAssignments', scope: `/subscriptions/${SUB}` })] };

test.each([
  ['is not in the directory any more', GONE, FOUND],
  ['is not there, whatever was not listed', { ...GONE, ...UNLISTED, roleAssignments: [] }, FOUND],
  ['is disabled', DISABLED, FOUND],
  ['is disabled, of a cluster with a service principal', { ...DISABLED, clusters: [WITH_PRINCIPAL] }, FOUND],
  ['is there, and another one is not', { missingPrincipals: [OTHER] }, []],
])('integrated, and its identity %s', (_, change, expected) => {
  expect(told(clusterCannotPull, { ...facts(change), policy: NAMED })).toEqual(expected);
});

test.each([
  [
    'an identity that is gone pulls from nowhere else either',
    { ...GONE, roleAssignments: [AT_LAKE, assignment(PULL)] },
    FOUND,
  ],
  ['no right at all: it may have other means', { roleAssignments: [] }, []],
  ['its only right is ignored', { roleAssignments: [AT_LAKE] }, FOUND],
  [
    'its only right is ignored, and comes through a group',
    { roleAssignments: [GROUP_AT_LAKE], groups: [group([CI])] },
    FOUND,
  ],
  ['a right of a group that it is not in', { roleAssignments: [GROUP_AT_LAKE], groups: [group([OTHER])] }, []],
  ['one right is ignored, another works', { roleAssignments: [AT_LAKE, assignment(PULL)] }, []],
  ['the repository role works', { roleAssignments: [AT_LAKE, READER] }, []],
  [
    "its own repository role works, and its group's role is ignored",
    { roleAssignments: [GROUP_AT_LAKE, READER], groups: [group([CI])] },
    [],
  ],
])('not integrated: %s', (_, change, expected) => {
  expect(told(clusterCannotPull, facts(change))).toEqual(expected);
});

test('the whole finding', () => {
  expect(clusterCannotPull.run(input(facts({ roleAssignments: [AT_LAKE] })))).toEqual([
    {
      resourceId: AKS_ID,
      subject: 'aks',
      reason:
        'The nodes of aks cannot pull from lake: it is in ABAC mode and ignores the role of their identity ci-push.',
      evidence: { identity: CI, why: 'ignored', registries: [ABAC.id] },
      fix: `az role assignment create --assignee-object-id ${CI} --assignee-principal-type ServicePrincipal --role "Container Registry Repository Reader" --scope ${ABAC.id}`,
    },
  ]);
});

test.each([
  [
    'deleted',
    GONE,
    `the directory does not have their identity ${CI} any more`,
    `az role assignment create --assignee-object-id <object id of another managed identity> --assignee-principal-type ServicePrincipal --role "AcrPull" --scope ${registryId('shop')}; then az aks update --name aks --resource-group rg --subscription ${SUB} --enable-managed-identity --assign-identity <resource id of its control plane's identity> --assign-kubelet-identity <resource id of the other identity>, which makes its nodes anew`,
  ],
  [
    'disabled',
    DISABLED,
    'their identity ci-push is disabled and cannot sign in',
    `az ad sp update --id ${CI} --set accountEnabled=true`,
  ],
])('what is said and done when the identity is %s', (why, change, cause, fix) => {
  expect(clusterCannotPull.run(input({ ...facts(change), policy: NAMED }))).toMatchObject([
    { reason: `The nodes of aks cannot pull from shop: ${cause}.`, evidence: { identity: CI, why }, fix },
  ]);
});

test('a right that is ignored is said to be, by however many groups it comes', () => {
  const groups = [group([CI]), group([CI], { id: SECOND })];
  const change = { clusters: [AKS], roleAssignments: [GROUP_AT_LAKE, SECOND_AT_LAKE], groups };
  const at = policy({ integrations: [{ cluster: 'aks', registry: 'lake' }] });
  for (const one of [policy({}), at])
    expect(clusterCannotPull.run(input({ ...facts(change), policy: one }))).toMatchObject([
      { evidence: { why: 'ignored', registries: [ABAC.id] } },
    ]);
});

test('a registry that the policy names twice is said once', () => {
  const both = policy({ integrations: [...NAMED.integrations, ...BY_ID.integrations] });
  const [twice, once] = [both, NAMED].map((one) =>
    clusterCannotPull.run(input({ ...facts({ roleAssignments: [] }), policy: one })),
  );
  expect(twice).toEqual(once);
  expect(once).toHaveLength(1);
});

test('a service principal that is not known here is named by its application', () => {
  const [hit] = clusterCannotPull.run(
    input({ ...facts({ clusters: [WITH_PRINCIPAL], servicePrincipals: [], roleAssignments: [] }), policy: NAMED }),
  );
  expect(hit).toMatchObject({
    reason: 'The nodes of aks cannot pull from shop: their identity APP-1 has no right to pull there.',
    fix: `az role assignment create --assignee APP-1 --role "AcrPull" --scope ${registryId('shop')}`,
  });
});

const IN_SUB = `/subscriptions/${SUB}`;
const GIVEN_TO_GROUP = assignment(PULL, { principalId: GROUP, principalType: 'Group' });
const UNKNOWN_ROLE = role('Unread');
const UNREAD_GROUP = { id: GROUP, displayName: 'sg-robots' };

test.each([
  ['role assignments', { roleAssignments: [], gaps: [gap({ source: 'roleAssignments', scope: IN_SUB })] }, []],
  [
    'those of another place',
    { roleAssignments: [], gaps: [gap({ source: 'roleAssignments', scope: '/subscriptions/x' })] },
    FOUND,
  ],
  [
    'its own role',
    {
      roleAssignments: [assignment(UNKNOWN_ROLE)],
      roleDefinitions: [],
      gaps: [gap({ source: 'roleDefinitions', scope: IN_SUB })],
    },
    [],
  ],
  [
    "another's role",
    {
      roleAssignments: [assignment(UNKNOWN_ROLE, { principalId: OTHER })],
      roleDefinitions: [],
      gaps: [gap({ source: 'roleDefinitions', scope: IN_SUB })],
    },
    FOUND,
  ],
  [
    'the members of a group that pulls',
    { roleAssignments: [GIVEN_TO_GROUP], groups: [UNREAD_GROUP], gaps: [gap({ source: 'groups', scope: '/' })] },
    [],
  ],
  ['the members of no group that pulls', { roleAssignments: [], gaps: [gap({ source: 'groups', scope: '/' })] }, FOUND],
  [
    'who its service principal is',
    { clusters: [WITH_PRINCIPAL], servicePrincipals: [], gaps: [gap({ source: 'servicePrincipals', scope: '/' })] },
    [],
  ],
])('a right is not called missing where nobody could look: %s', (_, change, expected) => {
  expect(told(clusterCannotPull, { ...facts(change), policy: NAMED })).toEqual(expected);
});

const ELSEWHERE = `/subscriptions/${OTHER_SUB}`;
const FAR = registry({ id: registryId('far', OTHER_SUB), name: 'far', subscriptionId: OTHER_SUB });
const AT_FAR = { scope: FAR.id, seenIn: [OTHER_SUB] };

test.each([
  ['a list of registries', { gaps: [gap({ scope: ELSEWHERE })] }, []],
  ['one registry', { gaps: [gap({ scope: FAR.id })] }, []],
  ['role assignments', { gaps: [gap({ source: 'roleAssignments', scope: ELSEWHERE })] }, []],
  [
    'a role of its identity',
    {
      roleAssignments: [AT_LAKE, assignment(UNKNOWN_ROLE, AT_FAR)],
      gaps: [gap({ source: 'roleDefinitions', scope: ELSEWHERE })],
    },
    [],
  ],
  [
    'the members of a group that pulls',
    {
      roleAssignments: [AT_LAKE, assignment(PULL, { ...AT_FAR, principalId: GROUP, principalType: 'Group' })],
      groups: [UNREAD_GROUP],
      gaps: [gap({ source: 'groups', scope: '/' })],
    },
    [],
  ],
  ['names of people', { gaps: [gap({ source: 'users', scope: '/users' })] }, FOUND],
] satisfies [string, Partial<Facts>, string[]][])(
  'a right elsewhere is not called missing where nobody could look: %s',
  (_, change, expected) => {
    const registries = [registry(), ABAC, FAR];
    expect(told(clusterCannotPull, facts({ registries, roleAssignments: [AT_LAKE], ...change }))).toEqual(expected);
  },
);
