import { describe, expect, test } from 'vitest';
import { accessOf, type PrincipalAccess } from '../../src/access/reverse.ts';
import type { Facts } from '../../src/model/estate.ts';
import { input, registry, SUB } from '../build.ts';
import {
  assignment,
  CI,
  CONTRIBUTOR,
  GROUP,
  group,
  holding,
  inDays,
  PULL,
  REPOSITORY_READER,
  role,
  secret,
} from './builders.ts';

const ABAC = registry({ name: 'lake', roleAssignmentMode: 'AbacRepositoryPermissions' });
const AT_SUB = { scope: `/subscriptions/${SUB}` };
const OF_GROUP = { principalId: GROUP, principalType: 'Group' };
const AT_LAKE = { scope: ABAC.id };

function ofCi(change: Partial<Facts>): PrincipalAccess | undefined {
  const facts = input(holding([secret(inDays(90))], { registries: [registry(), ABAC], ...change }));
  return accessOf('ci-push', facts, facts.credentials)[0];
}

test.each([
  ['the legacy registry first', [registry(), ABAC]],
  ['the legacy registry last', [ABAC, registry()]],
])('a role over registries of both modes is shown with all that it gives: %s', (_, registries) => {
  expect(ofCi({ registries, roleAssignments: [assignment(CONTRIBUTOR, AT_SUB)] })).toMatchObject({
    ways: [{ role: 'Contributor', scope: 'subscription Prod', grants: ['pull', 'push', 'delete', 'admin'] }],
    registries: [
      { registry: 'lake', grants: ['admin'] },
      { registry: 'shop', grants: ['pull', 'push', 'delete', 'admin'] },
    ],
  });
});

test.each([CI, 'APP-1', 'object-1', 'CI-push'])('a principal goes by several names: %s', (wanted) => {
  const facts = input(holding([secret(inDays(90))]));
  expect(accessOf(wanted, facts, []).map(({ id }) => id)).toEqual([CI]);
});

test('an application that is left without a principal is nobody', () => {
  expect(accessOf('object-1', input(holding([], { servicePrincipals: [] })), [])).toEqual([]);
});

const UNREAD = role('guid-1', '*');
const STORAGE = role('Storage', 'Microsoft.Storage/*');
const ASKED_FOR = 'the directory is asked only for those who may open a registry';
const GRAPH_FAILED = { source: 'servicePrincipals', scope: '/', code: 'timeout', reason: 'no answer' } as const;

test('what a role gives that could not be read is not known, at each registry where it holds', () => {
  const roleAssignments = [assignment(PULL), assignment(UNREAD, AT_LAKE)];
  expect(ofCi({ roleAssignments })).toMatchObject({
    grants: null,
    registries: [
      { registry: 'lake', grants: null },
      { registry: 'shop', grants: ['pull'] },
    ],
  });
});

test.each([
  ['has a role of another service', STORAGE, [], ASKED_FOR],
  ['has one that could not be read', UNREAD, [], 'who it is could not be read'],
  ['may have been asked for in vain', STORAGE, [GRAPH_FAILED], 'who it is could not be read'],
])('of whom nothing is known, it is said why: who %s', (_, held, gaps, note) => {
  const given = { roleDefinitions: [STORAGE], roleAssignments: [assignment(held)] };
  expect(accessOf(CI, input(holding([], { ...given, servicePrincipals: [], gaps })), [])).toMatchObject([{ note }]);
});

test('of a person, only roles of their own are shown, and that is said', () => {
  const ana = 'eeeeeeee-0000-0000-0000-000000000001';
  const roleAssignments = [assignment(PULL, { principalId: ana, principalType: 'User' })];
  const facts = input(holding([], { roleAssignments, people: [{ id: ana, name: 'ana@contoso.com' }] }));
  expect(accessOf('ANA@contoso.com', facts, [])).toMatchObject([
    { kind: 'person', grants: ['pull'], note: 'what groups give a person is not looked at' },
  ]);
});

describe('what the ABAC mode of a registry ignores', () => {
  const MINE = assignment(PULL, AT_LAKE);
  const OF_MY_GROUP = assignment(PULL, { ...AT_LAKE, ...OF_GROUP });
  const READS = assignment(REPOSITORY_READER, AT_LAKE);
  test.each([
    ['its own role', [MINE], [group([])], [['AcrPull at registry lake']]],
    ["its group's", [OF_MY_GROUP], [group([CI])], [['AcrPull at registry lake, through group sg-robots']]],
    [
      'both',
      [MINE, OF_MY_GROUP],
      [group([CI])],
      [['AcrPull at registry lake', 'AcrPull at registry lake, through group sg-robots']],
    ],
    ["another group's", [OF_MY_GROUP], [group([])], []],
    ["its group's, where a role of its own gives as much", [OF_MY_GROUP, READS], [group([CI])], []],
    ['nothing at a registry in legacy mode', [assignment(PULL)], [], []],
  ])('%s', (_, roleAssignments, groups, expected) => {
    expect(ofCi({ roleAssignments, groups })?.ignored.map(({ roles }) => roles)).toEqual(expected);
  });

  test('who has nothing else opens nothing, and is not shown as one without credentials', () => {
    expect(ofCi({ roleAssignments: [MINE] })).toMatchObject({
      grants: [],
      registries: [],
      ignored: [{ registry: 'lake', id: ABAC.id }],
      note: 'its credentials are looked at only where it is known to open a registry',
    });
  });
});
