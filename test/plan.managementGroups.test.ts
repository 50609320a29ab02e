import { expect, test } from 'vitest';
import { planSweep } from '../src/plan.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { memoryStore } from '../src/state/memory.ts';
import { saveState } from '../src/state/shardState.ts';
import { ABSENT } from '../src/state/store.ts';
import { compared, NOW, OTHER_SUB, report, SUB, TENANT } from './build.ts';
import { estateOf, simulated, wireSubscription } from './wire.ts';

const GONE = 'aaaaaaaa-0000-0000-0000-000000000003';
const HIDDEN = 'aaaaaaaa-0000-0000-0000-000000000004';

async function planned(managementGroups: string[], denied: { action: string }[] = []) {
  const { azure } = simulated(
    estateOf([], {
      subscriptions: [wireSubscription(), wireSubscription({ subscriptionId: OTHER_SUB, displayName: 'Dev' })],
      managementGroups: {
        prod: { parent: null, subscriptions: [SUB, HIDDEN] },
        dev: { parent: null, subscriptions: [OTHER_SUB] },
      },
      denied,
    }),
  );
  const store = memoryStore();
  // What an earlier sweep left open in a subscription that is in none of the groups any more.
  await saveState(
    store,
    {
      version: 1,
      shard: GONE,
      sweepId: 'before',
      sweptAt: NOW,
      findings: [compared()],
      registries: [],
      report: report(),
    },
    ABSENT,
  );
  const scope = { ...DEFAULT_POLICY.scope, managementGroups };
  const plan = await planSweep(azure, store, { policy: { ...DEFAULT_POLICY, scope }, sweptAt: NOW, tenantId: TENANT });
  return {
    subscriptions: plan.subscriptions.map(
      ({ subscriptionId, retired }) => `${subscriptionId}${retired ? ' retired' : ''}`,
    ),
    gaps: plan.gaps.filter(({ source }) => source === 'managementGroups').map(({ scope: at }) => at),
  };
}

test('only what is below the groups, seen or not; what was left is brought to its end', async () => {
  expect(await planned(['prod'])).toEqual({ subscriptions: [SUB, HIDDEN, `${GONE} retired`], gaps: [] });
});

test('behind a group that cannot be read nothing is taken for left', async () => {
  const denied = [{ action: 'Microsoft.Management/managementGroups/descendants/read' }];
  expect(await planned(['prod'], denied)).toEqual({
    subscriptions: [GONE],
    gaps: ['/providers/Microsoft.Management/managementGroups/prod'],
  });
});
