import { expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { readGroupPeople } from '../../src/collect/groupPeople.ts';
import type { Group } from '../../src/model/estate.ts';
import type { Gap } from '../../src/model/gap.ts';
import { group } from '../access/builders.ts';
import { estateOf, simulated } from '../wire.ts';

const [OUTER, INNER, ANA, OMAR] = ['c1', 'c2', 'e1', 'e2'].map((one) => `${one}000000-0000-0000-0000-000000000000`);
const USERS = [ANA, OMAR].map((id = '', index): Wire & { id: string } => ({
  id,
  mail: null,
  userPrincipalName: ['ana@x', 'omar@x'][index],
}));
const GROUPS = [
  { id: OUTER ?? '', displayName: 'outer', members: [OMAR ?? '', INNER ?? ''] },
  { id: INNER ?? '', displayName: 'inner', members: [ANA ?? ''] },
];

async function namedIn(groups: Group[], action?: string): Promise<{ named: Group['named'][]; gaps: string[] }> {
  const denied = action === undefined ? [] : [{ action }];
  const { azure } = simulated(estateOf([], { graph: { users: USERS, groups: GROUPS }, denied }));
  const gaps: Gap[] = [];
  await readGroupPeople(azure, groups, gaps);
  return { named: groups.map(({ named }) => named), gaps: gaps.map(({ source, scope }) => `${source} ${scope}`) };
}

function one(change: Partial<Group> = {}): Group[] {
  return [group([], { id: OUTER ?? '', people: 2, ...change })];
}

test('of a group and of those inside it, by name and in order', async () => {
  expect(await namedIn(one())).toEqual({ named: [['ana@x', 'omar@x']], gaps: [] });
});

test('their ids where names may not be read, which is told once', async () => {
  const groups = [...one(), ...one({ id: INNER ?? '' })];
  expect(await namedIn(groups, 'graph:User.ReadBasic.All')).toEqual({
    named: [[ANA, OMAR], [ANA]],
    gaps: ['users /users'],
  });
});

test('a group that cannot be read is a gap, and one that could not be counted is one already', async () => {
  expect(await namedIn(one(), 'graph:GroupMember.Read.All')).toEqual({
    named: [undefined],
    gaps: [`groups /groups/${OUTER}`],
  });
  const { people: _, ...uncounted } = group([], { id: OUTER ?? '' });
  expect(await namedIn([uncounted], 'graph:GroupMember.Read.All')).toEqual({ named: [undefined], gaps: [] });
});
