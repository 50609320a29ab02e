import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findBicep } from '../../infra/bicep.ts';
import { compileFile } from '../../infra/compile.ts';
import { snapshotOf } from '../../infra/snapshot.ts';
import { infra, list, moduleTemplate, object, readJson } from './template.ts';

test('the reader role reads: no action but a read, no data action, nothing that shows a secret', () => {
  const actions = list(readJson('reader-actions.json'), 'reader-actions.json').map(String);
  expect(actions.filter((action) => !action.endsWith('/read') || action.includes('*'))).toEqual([]);
  expect(actions).toEqual([...new Set(actions)].sort());
  const template = moduleTemplate('subscriptionRights');
  const role = object(object(template.resources, 'resources').readerRole, 'readerRole');
  expect(object(role.properties, 'properties').permissions).toEqual([
    { actions: "[variables('$fxv#0')]", notActions: [], dataActions: [], notDataActions: [] },
  ]);
  expect(object(template.variables, 'variables')['$fxv#0']).toEqual(actions);
});

const bicep = await findBicep();
const missing = 'missing' in bicep ? bicep.missing : '';
const path = 'path' in bicep ? bicep.path : '';

type Predicted = {
  id: string;
  type: string;
  name: string;
  properties: { roleName: string; assignableScopes: string[]; roleDefinitionId: string };
};

async function expanded(audited: readonly string[]): Promise<Predicted[]> {
  const parameters = `using '../main.bicep'
param environmentName = 'test'
param location = 'westeurope'
param auditedSubscriptions = [${audited.map((id) => `'${id}'`).join(', ')}]
param alertEmails = ['a@example.com']
`;
  return parse(await snapshotOf(path, infra, parameters)).predictedResources;
}

describe.skipIf(missing !== '')(`expanded by Bicep${missing === '' ? '' : ` (skipped: ${missing})`}`, () => {
  const audited = ['aaaaaaaa-0000-0000-0000-000000000001', 'aaaaaaaa-0000-0000-0000-000000000002'];
  let predicted: Predicted[] = [];

  beforeAll(async () => {
    predicted = await expanded(audited);
  });

  test.each(audited)('in %s there is a role of its own, assigned and assignable there alone', (subscription) => {
    const scope = `/subscriptions/${subscription}`;
    const [assignment, role, ...others] = predicted.filter(({ id }) => id.startsWith(`${scope}/`));
    expect([assignment?.type, role?.type, others]).toEqual([
      'Microsoft.Authorization/roleAssignments',
      'Microsoft.Authorization/roleDefinitions',
      [],
    ]);
    expect(assignment?.properties.roleDefinitionId).toBe(role?.id);
    expect(role?.properties.assignableScopes).toEqual([scope]);
    // Ids and names are unique in a tenant, which may hold this environment in several subscriptions.
    expect(predicted.filter(({ name }) => name === role?.name)).toHaveLength(1);
    expect(role?.properties.roleName).toMatch(RegExp(`^acr-warden reader \\(test [a-z0-9]{13}, ${subscription}\\)$`));
  });

  test('a subscription that is taken out goes with its role, and changes nothing else', async () => {
    const left = predicted.filter(({ id }) => !id.startsWith(`/subscriptions/${audited[1]}/`));
    expect(await expanded(audited.slice(0, 1))).toEqual(left);
  });

  test('access.bicep makes and gives the same role, over a management group', async () => {
    const access = JSON.parse(await compileFile(path, join(infra, 'access.bicep')));
    const here = moduleTemplate('subscriptionRights');
    const role = object(object(here.resources, 'resources').readerRole, 'readerRole');
    const assignments = object(object(here.resources, 'resources').subscriptionRights, 'subscriptionRights');
    expect(access.variables).toMatchObject(object(here.variables, 'variables'));
    expect(access.resources.readerRole.properties).toEqual({
      ...object(role.properties, 'readerRole.properties'),
      roleName: "[format('acr-warden reader ({0}, {1})', parameters('environmentName'), managementGroup().name)]",
      assignableScopes: ['[managementGroup().id]'],
    });
    expect(access.resources.branchRights.copy.count).toBe(object(assignments.copy, 'copy').count);
    expect(access.resources.branchRights.properties).toEqual({
      ...object(assignments.properties, 'subscriptionRights.properties'),
      roleDefinitionId:
        "[extensionResourceId(managementGroup().id, 'Microsoft.Authorization/roleDefinitions', variables('roleId'))]",
    });
    expect(access.resources.readerRole.name).toBe("[variables('roleId')]");
    expect(Object.keys(access.resources)).toEqual(['readerRole', 'branchRights']);
  });
});
