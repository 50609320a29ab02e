import { expect, test } from 'vitest';
import { abacModeIgnoresRole } from '../../src/checks/abac-mode-ignores-role.ts';
import type { Facts } from '../../src/model/estate.ts';
import {
  assignment,
  CI,
  CONTRIBUTOR,
  GROUP,
  group,
  holding,
  PULL,
  PUSH,
  principal,
  REPOSITORY_READER,
  role,
} from '../access/builders.ts';
import { gap, input, registry, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

const ABAC = registry({ roleAssignmentMode: 'AbacRepositoryPermissions' });
const READER = role('Reader', '*/read');
const SEES_ONLY = role('Inventory', '*/read', '-Microsoft.ContainerRegistry/registries/pull/read');
const WRITE = role('Write', 'Microsoft.ContainerRegistry/registries/write');
const ABOVE = { scope: `/subscriptions/${SUB}` };
const ROLES = [PULL, PUSH, CONTRIBUTOR, REPOSITORY_READER, READER, SEES_ONLY, WRITE];

function abac(...roleAssignments: Facts['roleAssignments']): Partial<Facts> {
  return holding([], { registries: [ABAC], roleDefinitions: ROLES, roleAssignments });
}

test.each([
  ['given at the registry', abac(assignment(PULL)), [`shop [${CI}] medium`]],
  ['given above it', abac(assignment(PULL, ABOVE)), [`shop [${CI}] low`]],
  ['both ways: one finding', abac(assignment(PULL), assignment(PUSH, ABOVE)), [`shop [${CI}] medium`]],
  ['Reader pulls elsewhere', abac(assignment(READER, ABOVE)), [`shop [${CI}] low`]],
  ['Contributor too', abac(assignment(CONTRIBUTOR)), [`shop [${CI}] medium`]],
  ['a role that pulls nowhere', abac(assignment(SEES_ONLY)), []],
  ['a role that only administers', abac(assignment(WRITE)), []],
  ['a repository role', abac(assignment(REPOSITORY_READER)), []],
  ['a repository role under a condition', abac(assignment(REPOSITORY_READER, { condition: 'unknown' })), []],
  ['pull beside a repository role that gives it', abac(assignment(PULL), assignment(REPOSITORY_READER)), []],
  [
    'push beside a repository role that only reads',
    abac(assignment(PUSH), assignment(REPOSITORY_READER)),
    [`shop [${CI}] medium`],
  ],
  ['a person', abac(assignment(PULL, { principalType: 'User' })), [`shop [${CI}] medium`]],
  ['in legacy mode', holding([], { roleAssignments: [assignment(PULL)] }), []],
])('%s', (_, facts, expected) => {
  expect(told(abacModeIgnoresRole, facts)).toEqual(expected);
});

const UNCOUNTED = { id: GROUP, displayName: 'sg-robots', members: [] };
const OF_GROUP = { principalId: GROUP, principalType: 'Group' };

test('a group stands for itself, not for its members', () => {
  const facts = { ...abac(assignment(PULL, OF_GROUP)), groups: [group([CI])] };
  expect(told(abacModeIgnoresRole, facts)).toEqual([`shop [${GROUP}] medium`]);
});

test('what a principal has through a group it does not lack', () => {
  const facts = { ...abac(assignment(PULL), assignment(REPOSITORY_READER, OF_GROUP)), groups: [group([CI])] };
  expect(told(abacModeIgnoresRole, facts)).toEqual([]);
});

const INNER = 'cccccccc-0000-0000-0000-000000000002';
const PERSON = 'eeeeeeee-0000-0000-0000-000000000001';
const OF_INNER = { principalId: INNER, principalType: 'Group' };
const OF_PERSON = { principalId: PERSON, principalType: 'User' };

test.each([
  ['a person, where people are in the group', assignment(PULL, OF_PERSON), group([], { people: 2 }), []],
  ['a person, where none are', assignment(PULL, OF_PERSON), group([CI]), [`shop [${PERSON}] medium`]],
  ['a person, where they could not be counted', assignment(PULL, OF_PERSON), UNCOUNTED, []],
  ['a group inside it', assignment(PULL, OF_INNER), group([], { groups: [INNER] }), []],
  ['a group beside it', assignment(PULL, OF_INNER), group([], { people: 2 }), [`shop [${INNER}] medium`]],
  ['a group, where those inside could not be read', assignment(PULL, OF_INNER), UNCOUNTED, []],
  ['a program, whatever people are in it', assignment(PULL), group([], { people: 2 }), [`shop [${CI}] medium`]],
])(
  'what it may have through a group with a repository role is not called lacking: %s',
  (_, given, around, expected) => {
    const facts = { ...abac(given, assignment(REPOSITORY_READER, OF_GROUP)), groups: [around] };
    expect(told(abacModeIgnoresRole, facts)).toEqual(expected);
  },
);

test('a person lacks what no group with people has', () => {
  const facts = abac(assignment(PUSH, OF_PERSON), assignment(REPOSITORY_READER, OF_GROUP));
  expect(abacModeIgnoresRole.run(input({ ...facts, groups: [group([], { people: 2 })] }))).toMatchObject([
    { subject: PERSON, evidence: { grants: ['push'] } },
  ]);
});

test('what it may have through a group whose members are not known is not called lacking', () => {
  const unread = { id: GROUP, displayName: 'sg-robots' };
  const gaps = [gap({ source: 'groups', scope: '/' })];
  const through = (given: typeof PULL) => ({
    ...abac(assignment(PULL), assignment(given, OF_GROUP)),
    groups: [unread],
    gaps,
  });
  expect(told(abacModeIgnoresRole, through(REPOSITORY_READER))).toEqual([]);
  // Administering gives no data, whoever is in the group.
  expect(told(abacModeIgnoresRole, through(WRITE))).toEqual([`shop [${CI}] medium`]);
});

test('whoever is not there any more is given nothing', () => {
  const facts = { ...abac(assignment(PULL)), missingPrincipals: [CI] };
  expect(abacModeIgnoresRole.run(input(facts)).map(({ fix }) => fix)).toEqual([
    `az role assignment delete --ids ${assignment(PULL).id}`,
  ]);
});

const ACR = 'Microsoft.ContainerRegistry/registries';
const CUSTOM = role('Images', 'microsoft.containerregistry/registries/PULL/read');
const DELETE = role('AcrDelete', `${ACR}/artifacts/delete`);
const BESIDE = role('Beside', `${ACR}/pull/read`, `${ACR}/webhooks/read`);
const OTHER_DATA = role('Other data', `${ACR}/pull/read`, `data:${ACR}/repositories/metadata/read`);

test.each([
  ['AcrPush', PUSH, true],
  ['AcrDelete', DELETE, true],
  ['a custom role for images alone', CUSTOM, true],
  ['Owner', role('Owner', '*'), false],
  ['Contributor', CONTRIBUTOR, false],
  ['Reader', READER, false],
  ['a custom role for other things too', BESIDE, false],
  ['a custom role with data actions', OTHER_DATA, false],
])('a role is removed only where it gives nothing else: %s', (_, given, isRemoved) => {
  const one = assignment(given);
  const facts = { ...abac(one), roleDefinitions: [given] };
  const [hit] = abacModeIgnoresRole.run(input(facts));
  expect(hit?.fix.split('; then ').slice(1)).toEqual(isRemoved ? [`az role assignment delete --ids ${one.id}`] : []);
});

test('a managed identity is called one', () => {
  const servicePrincipals = [principal({ servicePrincipalType: 'ManagedIdentity', displayName: 'id-aks' })];
  const [hit] = abacModeIgnoresRole.run(input({ ...abac(assignment(PULL)), servicePrincipals }));
  expect(hit?.reason).toContain(' of managed identity id-aks: ');
});

test('the whole finding', () => {
  const direct = assignment(PUSH);
  const facts = abac(direct, assignment(PULL, ABOVE));
  expect(abacModeIgnoresRole.run(input(facts))).toEqual([
    {
      resourceId: registryId('shop'),
      subject: CI,
      severity: 'medium',
      reason:
        'shop is in ABAC mode and ignores AcrPull at subscription Prod and AcrPush at registry shop of service principal ci-push: no pull, push.',
      evidence: {
        principalId: CI,
        principalType: 'ServicePrincipal',
        roles: ['AcrPull at subscription Prod', 'AcrPush at registry shop'],
        grants: ['pull', 'push'],
      },
      fix: `az role assignment create --assignee-object-id ${CI} --assignee-principal-type ServicePrincipal --role "Container Registry Repository Writer" --scope ${registryId('shop')}; then az role assignment delete --ids ${direct.id}`,
    },
  ]);
});
