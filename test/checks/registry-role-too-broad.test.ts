import { expect, test } from 'vitest';
import { registryRoleTooBroad } from '../../src/checks/registry-role-too-broad.ts';
import { assignment, CI, CONTRIBUTOR, holding, PUSH, principal, role } from '../access/builders.ts';
import { input, OTHER_SUB, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

const ACR = 'Microsoft.ContainerRegistry/registries';
const FOUND = (given: { roleId: string }) => [`${given.roleId}-${CI} medium`];
const WRITE = role('Write', `${ACR}/write`);
const OPERATOR = role('Operator', `${ACR}/*`, `-${ACR}/write`);
const SPLIT = { ...OPERATOR, permissions: [...OPERATOR.permissions, ...role('x', '*').permissions] };

test.each([
  ['Contributor', CONTRIBUTOR, FOUND(CONTRIBUTOR)],
  ['push is not', PUSH, []],
  ['the one action', WRITE, FOUND(WRITE)],
  ['everything inside the registry, and not the registry', OPERATOR, []],
  ['what one permission takes away another gives', SPLIT, FOUND(SPLIT)],
])('%s', (_, given, expected) => {
  const facts = holding([], { roleDefinitions: [given], roleAssignments: [assignment(given)] });
  expect(told(registryRoleTooBroad, facts)).toEqual(expected);
});

test.each([
  ['a person', { principalType: 'User' }, []],
  ['a group', { principalType: 'Group' }, []],
  ['in ABAC mode too', {}, FOUND(CONTRIBUTOR)],
  ['at the resource group', { scope: `/subscriptions/${SUB}/resourceGroups/RG` }, FOUND(CONTRIBUTOR)],
  ['at a resource group with a longer name', { scope: `/subscriptions/${SUB}/resourceGroups/rg-other` }, []],
  ['at another subscription', { scope: `/subscriptions/${OTHER_SUB}` }, []],
])('%s', (_, change, expected) => {
  const shop = registry({ roleAssignmentMode: 'AbacRepositoryPermissions' });
  const facts = holding([], { registries: [shop], roleAssignments: [assignment(CONTRIBUTOR, change)] });
  expect(told(registryRoleTooBroad, facts)).toEqual(expected);
});

const GIVE = `az role assignment create --assignee-object-id ${CI} --assignee-principal-type ServicePrincipal`;
const REMOVE = `az role assignment delete --ids /subscriptions/${SUB}/providers/Microsoft.Authorization/roleAssignments/Contributor-${CI}`;

test('given at the registry, rights to images take its place', () => {
  const [hit] = registryRoleTooBroad.run(input(holding([], { roleAssignments: [assignment(CONTRIBUTOR)] })));
  expect(hit?.fix).toBe(
    `${GIVE} --role AcrPush --scope ${registryId('shop')} (AcrPull if it only pulls); then az role assignment delete --ids ${hit?.resourceId}`,
  );
});

test('given above registries of both modes, the roles of both are named', () => {
  const lake = registry({ name: 'lake', roleAssignmentMode: 'AbacRepositoryPermissions' });
  const given = assignment(CONTRIBUTOR, { scope: `/subscriptions/${SUB}` });
  for (const registries of [
    [lake, registry()],
    [registry(), lake],
  ]) {
    const [hit] = registryRoleTooBroad.run(input(holding([], { registries, roleAssignments: [given] })));
    expect(hit?.fix).toContain(
      '--role AcrPush --scope <registry id> (AcrPull if it only pulls; in ABAC mode "Container Registry Repository Writer" or "Container Registry Repository Reader")',
    );
  }
});

test('nobody who is gone is given another role', () => {
  const given = assignment(CONTRIBUTOR, { scope: `/subscriptions/${SUB}` });
  const gone = { roleAssignments: [given], servicePrincipals: [], missingPrincipals: [CI] };
  expect(registryRoleTooBroad.run(input(holding([], gone)))).toMatchObject([{ fix: REMOVE }]);
});

test('what takes its place opens something in ABAC mode', () => {
  const shop = registry({ roleAssignmentMode: 'AbacRepositoryPermissions' });
  const facts = holding([], { registries: [shop], roleAssignments: [assignment(CONTRIBUTOR)] });
  const [{ fix } = { fix: '' }] = registryRoleTooBroad.run(input(facts));
  expect(fix).toContain('--role "Container Registry Repository Writer" ');
  expect(fix).not.toContain('AcrP');
});

test('the whole finding, without anything from the directory', () => {
  const given = assignment(CONTRIBUTOR, { scope: `/subscriptions/${SUB}` });
  const facts = holding([], { roleAssignments: [given], servicePrincipals: [] });
  expect(registryRoleTooBroad.run(input(facts))).toEqual([
    {
      resourceId: given.id,
      reason: `Contributor at subscription Prod lets service principal ${CI} change shop, not only pull and push.`,
      owners: [],
      evidence: { principalId: CI, role: 'Contributor', scope: `/subscriptions/${SUB}` },
      fix: `narrow it to what the principal deploys: ${GIVE} --role Contributor --scope <that scope>, and for each registry that it works with --role AcrPush --scope <registry id> (AcrPull if it only pulls); then ${REMOVE}; or accept it, if it deploys all of that`,
    },
  ]);
});

test('a managed identity is called one', () => {
  const servicePrincipals = [principal({ servicePrincipalType: 'ManagedIdentity', displayName: 'id-aks' })];
  const facts = holding([], { roleAssignments: [assignment(CONTRIBUTOR)], servicePrincipals });
  expect(registryRoleTooBroad.run(input(facts)).map(({ reason }) => reason)).toEqual([
    'Contributor at registry shop lets managed identity id-aks change shop, not only pull and push.',
  ]);
});

test('given above the subscriptions, the evidence says which registries', () => {
  const given = assignment(CONTRIBUTOR, { scope: '/providers/Microsoft.Management/managementGroups/contoso' });
  const [hit] = registryRoleTooBroad.run(input(holding([], { roleAssignments: [given] })));
  expect(hit?.evidence.registries).toEqual([registryId('shop')]);
});
