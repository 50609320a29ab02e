import { expect, test } from 'vitest';
import { readSubscriptionsBelow } from '../../src/collect/managementGroups.ts';
import type { Gap } from '../../src/model/gap.ts';
import { OTHER_SUB, SUB } from '../build.ts';
import { estateOf, simulated } from '../wire.ts';

const GROUPS = {
  root: { parent: null, subscriptions: [] },
  prod: { parent: 'root', subscriptions: [SUB] },
  dev: { parent: 'root', subscriptions: [OTHER_SUB] },
};

async function read(groups: string[], change: Parameters<typeof estateOf>[1] = {}) {
  const { azure } = simulated(estateOf([], { managementGroups: GROUPS, ...change }));
  const gaps: Gap[] = [];
  return { below: await readSubscriptionsBelow(azure, groups, gaps), gaps };
}

test.each([
  ['one group', ['prod'], [SUB]],
  ['groups below count too', ['root'], [SUB, OTHER_SUB]],
  ['a subscription below two of them comes once', ['root', 'prod'], [SUB, OTHER_SUB]],
])('%s', async (_, groups, below) => {
  const found = await read(groups);
  expect({ below: found.below.sort(), gaps: found.gaps }).toEqual({ below, gaps: [] });
});

test.each([
  ['a group that is not there', ['nowhere', 'prod'], {}],
  [
    'a group that may not be read',
    ['dev', 'prod'],
    {
      denied: [
        {
          action: 'Microsoft.Management/managementGroups/descendants/read',
          scope: '/providers/Microsoft.Management/managementGroups/dev',
        },
      ],
    },
  ],
])('%s is a gap; the others count', async (_, groups, change) => {
  const { below, gaps } = await read(groups, change);
  expect(below).toEqual([SUB]);
  expect(gaps).toMatchObject([
    { source: 'managementGroups', scope: `/providers/Microsoft.Management/managementGroups/${groups[0]}` },
  ]);
});
