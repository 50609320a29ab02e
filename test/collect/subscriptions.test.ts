import { expect, test } from 'vitest';
import { readSubscriptions } from '../../src/collect/subscriptions.ts';
import type { Gap } from '../../src/model/gap.ts';
import { OTHER_SUB, SUB, TENANT } from '../build.ts';
import { estateOf, simulated, wireSubscription } from '../wire.ts';

test('reads every subscription, whatever its state', async () => {
  const estate = estateOf([], {
    subscriptions: [
      wireSubscription(),
      wireSubscription({ subscriptionId: OTHER_SUB, displayName: 'Old', state: 'Disabled' }),
    ],
  });
  const gaps: Gap[] = [];
  expect(await readSubscriptions(simulated(estate).azure, gaps)).toEqual([
    { subscriptionId: SUB, displayName: 'Prod', tenantId: TENANT, state: 'Enabled' },
    { subscriptionId: OTHER_SUB, displayName: 'Old', tenantId: TENANT, state: 'Disabled' },
  ]);
  expect(gaps).toEqual([]);
});

test('one that stands on two pages is one, in whatever letter case', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((letter) =>
    wireSubscription({ subscriptionId: SUB.replace(/.$/, letter), displayName: letter }),
  );
  const body = JSON.stringify({ value: [{ ...b, subscriptionId: b?.subscriptionId.toUpperCase() }, c] });
  const second = { match: { path: /skiptoken/i }, effect: { kind: 'status' as const, status: 200, body } };
  const estate = estateOf([], { subscriptions: [a, b, c].flatMap((one) => one ?? []) });
  const gaps: Gap[] = [];
  const read = await readSubscriptions(simulated(estate, { pageSize: 2, faults: [second] }).azure, gaps);
  expect({ names: read.map(({ displayName }) => displayName), gaps }).toEqual({ names: ['a', 'b', 'c'], gaps: [] });
});

test.each([
  ['displayName', `a subscription that came without it: subscription ${SUB} came without displayName`],
  ['subscriptionId', 'a subscription came without subscriptionId'],
])('a subscription without %s is a gap', async (field, words) => {
  const faults = [{ match: { path: /^\/subscriptions\?/ }, effect: { kind: 'remove' as const, field } }];
  const gaps: Gap[] = [];
  const read = await readSubscriptions(simulated(estateOf(), { faults }).azure, gaps);
  expect(read).toEqual([]);
  expect(gaps).toEqual([
    {
      source: 'subscriptions',
      scope: '/',
      code: 'UnusableAnswer',
      reason: `cannot read the subscriptions: ${words.replace(/^.*: /, '')}`,
    },
  ]);
});
