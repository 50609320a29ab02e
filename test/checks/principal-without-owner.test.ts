import { expect, test } from 'vitest';
import { principalWithoutOwner } from '../../src/checks/principal-without-owner.ts';
import { assignment, CI, holding, PULL, principal, role } from '../access/builders.ts';
import { gap, input, registry, registryId } from '../build.ts';
import { told } from './told.ts';

const NOBODY = principal({ owners: [] });
const { owners: _, ...UNREAD } = principal();
const ABAC = registry({ roleAssignmentMode: 'AbacRepositoryPermissions' });

test.each([
  ['no owner', NOBODY, {}, [`${CI} medium`]],
  ['an owner', principal(), {}, []],
  ['owners that could not be read', UNREAD, {}, []],
  ['opens nothing', NOBODY, { roleAssignments: [] }, []],
  ['opens nothing in ABAC mode', NOBODY, { registries: [ABAC] }, []],
  ['a managed identity', { ...NOBODY, servicePrincipalType: 'ManagedIdentity' }, {}, []],
  ['of another tenant', { ...NOBODY, appOwnerTenantId: 'other' }, {}, []],
  ['without any credential', NOBODY, { applications: [] }, [`${CI} medium`]],
  ['it may change the registry and not pull', NOBODY, administrator(), [`${CI} medium`]],
])('%s', (_case, servicePrincipal, change, expected) => {
  expect(told(principalWithoutOwner, holding([], { ...change, servicePrincipals: [servicePrincipal] }))).toEqual(
    expected,
  );
});

function administrator() {
  const given = role('Registry Admin', 'Microsoft.ContainerRegistry/registries/write');
  return { roleDefinitions: [given], roleAssignments: [assignment(given)] };
}

test('the whole finding', () => {
  expect(principalWithoutOwner.run(input(holding([], { servicePrincipals: [NOBODY] })))).toEqual([
    {
      resourceId: `/servicePrincipals/${CI}`,
      reason: 'Neither service principal ci-push nor its application has an owner; it opens shop.',
      evidence: {
        holder: 'ci-push',
        appId: 'app-1',
        registries: [registryId('shop')],
        through: [`${PULL.roleName} at registry shop`],
      },
      fix: 'az ad app owner add --id app-1 --owner-object-id <object id of a person>; a second one for holidays',
    },
  ]);
});

test.each([
  [
    'which is not there',
    {},
    'Service principal ci-push has no application and no owner; it opens shop.',
    `az rest --method POST --url 'https://graph.microsoft.com/v1.0/servicePrincipals/${CI}/owners/$ref' --body '{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/<object id of a person>"}'; a second one for holidays`,
  ],
  [
    'which could not be read',
    { gaps: [gap({ source: 'applications', scope: `/servicePrincipals/${CI}` })] },
    'Neither service principal ci-push nor its application has an owner; it opens shop.',
    'az ad app owner add --id app-1 --owner-object-id <object id of a person>; a second one for holidays',
  ],
])('what is said and done without an application, %s', (_case, change, reason, fix) => {
  const facts = holding([], { servicePrincipals: [NOBODY], applications: [], ...change });
  expect(principalWithoutOwner.run(input(facts))).toMatchObject([{ reason, fix }]);
});
