import { expect, test } from 'vitest';
import { roleAssignmentOrphaned } from '../../src/checks/role-assignment-orphaned.ts';
import { assignment, CI, holding, PULL, PUSH, role } from '../access/builders.ts';
import { input, registryId, SUB } from '../build.ts';

const GONE = { missingPrincipals: [CI], servicePrincipals: [] };
const STORAGE = role('Storage Reader', 'Microsoft.Storage/*');

function found(change: Parameters<typeof holding>[1]): unknown[] {
  const hits = roleAssignmentOrphaned.run(input(holding([], { ...GONE, ...change })));
  return hits.map(({ resourceId, evidence }) => `${resourceId} ${evidence.role}`);
}

test.each([
  ['a service principal', 'ServicePrincipal', ['/servicePrincipals']],
  ['a person', 'User', ['/users']],
  ['a group', 'Group', ['/groups']],
  ['a group of another tenant is never orphaned', 'ForeignGroup', []],
  ['a device cannot be resolved from here', 'Device', []],
])('%s', (_, principalType, expected) => {
  expect(found({ roleAssignments: [assignment(PULL, { principalType })] })).toEqual(
    expected.map((collection) => `${collection}/${CI} AcrPull`),
  );
});

test.each([
  ['one that is there', { missingPrincipals: [] }, []],
  [
    'in other letters',
    { roleAssignments: [assignment(PULL, { principalId: CI.toUpperCase() })] },
    [`/servicePrincipals/${CI.toUpperCase()} AcrPull`],
  ],
  [
    'one finding for each assignment',
    { roleAssignments: [assignment(PULL), assignment(PUSH)] },
    [`/servicePrincipals/${CI} AcrPull`, `/servicePrincipals/${CI} AcrPush`],
  ],
  [
    'a right on something else',
    { roleDefinitions: [STORAGE], roleAssignments: [assignment(STORAGE, { scope: `/subscriptions/${SUB}` })] },
    [],
  ],
])('%s', (_, change, expected) => {
  expect(found(change)).toEqual(expected);
});

test('the whole finding', () => {
  const given = assignment(PUSH, { scope: `/subscriptions/${SUB}/resourceGroups/rg` });
  expect(roleAssignmentOrphaned.run(input(holding([], { ...GONE, roleAssignments: [given] })))).toEqual([
    {
      resourceId: `/servicePrincipals/${CI}`,
      subject: given.id,
      reason: `AcrPush at resource group rg belongs to ${CI}, which the directory does not have any more.`,
      evidence: {
        principalId: CI,
        principalType: 'ServicePrincipal',
        role: 'AcrPush',
        scope: given.scope,
        registries: [registryId('shop')],
      },
      fix: `az role assignment delete --ids ${given.id}`,
    },
  ]);
});
