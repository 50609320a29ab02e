import { describe, expect, test } from 'vitest';
import { BINS } from '../src/byPrincipal.ts';
import { noFacts, type RoleAssignment } from '../src/model/estate.ts';
import type { Gap } from '../src/model/gap.ts';
import type { Exception } from '../src/model/policy.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { changeRow } from '../src/publish/rows.ts';
import { givenSince, type TenantPast, tenantChanges } from '../src/tenantChanges.ts';
import { fromNow, gap, NOW, OTHER_SUB, registryId, SUB, TENANT } from './build.ts';

const HOUR = 3600;
const ROLE = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const ANA = 'c0000000-0000-0000-0000-00000000000a';

function assignment(change: Partial<RoleAssignment> = {}): RoleAssignment {
  return {
    id: `${registryId('shop')}/providers/Microsoft.Authorization/roleAssignments/a1`,
    scope: registryId('shop'),
    roleDefinitionId: `/subscriptions/${SUB}/providers/Microsoft.Authorization/roleDefinitions/${ROLE}`,
    principalId: 'p1',
    principalType: 'ServicePrincipal',
    createdOn: fromNow(-60),
    createdBy: ANA,
    seenIn: [SUB],
    ...change,
  };
}

const EXCEPTION: Exception = {
  check: 'admin-account-enabled',
  registry: 'legacy',
  owner: 'ana@contoso.com',
  reason: 'vendor appliance',
  until: '2027-03-31',
};
const LAST: TenantPast = { sweptAt: fromNow(-HOUR), told: [], exceptions: [] };

function changes(
  assignments: RoleAssignment[],
  exceptions: Exception[],
  last: TenantPast | undefined,
  gaps: Gap[] = [],
) {
  const facts = {
    ...noFacts(TENANT),
    gaps,
    roleAssignments: assignments,
    roleDefinitions: [{ id: `/${ROLE}`, roleId: ROLE, roleName: 'AcrPull', custom: false, permissions: [] }],
    givers: new Map([[ANA, { changedBy: 'ana@contoso.com', changedByType: 'User' }]] as const),
  };
  const given = givenSince(last, { bins: { from: 0, to: BINS }, facts });
  return tenantChanges(given, facts, { ...DEFAULT_POLICY, exceptions }, last);
}

const brief = ({ changes: all }: ReturnType<typeof changes>) =>
  all.map(({ property, changedBy }) => [property, changedBy]);

test('a role that was given since: to whom, by whom, when', () => {
  expect(changes([assignment()], [], LAST).changes).toEqual([
    {
      changeId: expect.stringMatching(/^[0-9a-f]{16}$/),
      registryId: registryId('shop'),
      property: 'roleAssignments/a1',
      before: null,
      after: { role: 'AcrPull', principalId: 'p1', principalType: 'ServicePrincipal' },
      changedBy: 'ana@contoso.com',
      changedByType: 'User',
      client: '',
      operation: 'Microsoft.Authorization/roleAssignments/write',
      correlationId: '',
      changedAt: fromNow(-60),
      source: 'role-assignment',
    },
  ]);
});

test.each<[string, Partial<RoleAssignment>, unknown[][]]>([
  ['by somebody whose name is not known', { createdBy: 'c0b' }, [['roleAssignments/a1', 'c0b']]],
  ['by nobody that ARM names', { createdBy: '' }, [['roleAssignments/a1', 'unknown']]],
  ['an hour before the last sweep, which saw it', { createdOn: fromNow(-2 * HOUR) }, []],
])('%s', (_what, change, expected) => {
  expect(brief(changes([assignment(change)], [], LAST))).toEqual(expected);
});

test.each(['createdBy', 'createdOn'] as const)('an assignment without %s', (field) => {
  const { [field]: _, ...rest } = assignment();
  expect(brief(changes([rest], [], LAST))).toEqual(field === 'createdOn' ? [] : [['roleAssignments/a1', 'unknown']]);
});

test('told once, and nothing of what was there before the first sweep', () => {
  const first = changes([assignment()], [EXCEPTION], undefined);
  expect(first.changes).toEqual([]);
  const second = changes([assignment()], [EXCEPTION], { sweptAt: fromNow(-HOUR), ...first });
  expect(brief(second)).toEqual([['roleAssignments/a1', 'ana@contoso.com']]);
  const third = changes([assignment()], [EXCEPTION], { sweptAt: NOW, ...second });
  expect(third.changes).toEqual([]);
});

describe('a role that was given while assignments could not be listed', () => {
  const MINE = gap({ source: 'roleAssignments' });
  const other = assignment({ id: '/x/a2', seenIn: [OTHER_SUB] });
  /** Sweeps an hour apart, of which each sees some assignments and has some gaps: what each tells. */
  function told(...sweeps: [RoleAssignment[], Gap[]][]): string[][] {
    let last: TenantPast = LAST;
    return sweeps.map(([assignments, gaps], index) => {
      const found = changes(assignments, [], last, gaps);
      last = { sweptAt: fromNow(index * HOUR), ...found };
      return found.changes.map(({ property }) => property.replace('roleAssignments/', ''));
    });
  }

  const one = assignment();
  const cases: [string, [RoleAssignment[], Gap[]][], string[][]][] = [
    [
      'is told when they can be',
      [
        [[], [MINE]],
        [[], [MINE]],
        [[], [MINE]],
        [[one], []],
        [[one], []],
      ],
      [[], [], [], ['a1'], []],
    ],
    [
      'is told as well if it was the registries',
      [
        [[], [gap()]],
        [[], [gap()]],
        [[], [gap()]],
        [[one], []],
      ],
      [[], [], [], ['a1']],
    ],
    [
      'is not told again',
      [
        [[one], []],
        [[], [MINE]],
        [[], [MINE]],
        [[one], []],
      ],
      [['a1'], [], [], []],
    ],
    [
      'elsewhere is told at once, and once',
      [
        [[other], [MINE]],
        [[other], [MINE]],
        [[other], [MINE]],
        [[other], []],
      ],
      [['a2'], [], [], []],
    ],
    [
      'above several subscriptions is known from the one that could be read',
      [
        [[], [MINE]],
        [[], [MINE]],
        [[], [MINE]],
        [[{ ...one, seenIn: [SUB, OTHER_SUB] }], []],
      ],
      [[], [], [], []],
    ],
  ];
  test.each(cases)('%s', (_what, sweeps, expected) => {
    expect(told(...sweeps)).toEqual(expected);
  });
});

test('an exception that was added, and one that was prolonged: with its owner', () => {
  expect(brief(changes([], [EXCEPTION], LAST))).toEqual([['exceptions/admin-account-enabled', 'ana@contoso.com']]);
  const longer = { ...EXCEPTION, until: '2028-03-31' };
  expect(brief(changes([], [longer], { ...LAST, exceptions: [EXCEPTION] }))).toHaveLength(1);
  expect(changes([], [EXCEPTION], { ...LAST, exceptions: [EXCEPTION] }).changes).toEqual([]);
});

test('their rows: a scope is no registry, and a pattern is no id', () => {
  const scope = `/subscriptions/${SUB}/resourceGroups/rg`;
  const { changes: all } = changes([assignment(), assignment({ id: '/x/a2', scope })], [EXCEPTION], LAST);
  const stamp = { sweepId: 's', sweptAt: NOW, environment: 'test', tenantId: TENANT };
  const rows = all.map((change) => changeRow(change, stamp));
  expect(
    rows.map(({ SubscriptionId, RegistryName, RegistryId, Property }) => [
      SubscriptionId,
      RegistryName,
      RegistryId,
      Property,
    ]),
  ).toEqual([
    [SUB, 'shop', registryId('shop'), 'roleAssignments/a1'],
    [SUB, '', scope, 'roleAssignments/a2'],
    ['', 'legacy', '', 'exceptions/admin-account-enabled'],
  ]);
});
