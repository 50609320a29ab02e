import { expect, test } from 'vitest';
import { defenderPlanDisabled } from '../../src/checks/defender-plan-disabled.ts';
import type { DefenderPlan } from '../../src/model/estate.ts';
import { input, registry, SUB } from '../build.ts';
import { told } from './told.ts';

const plan = (change: Partial<DefenderPlan> = {}): DefenderPlan => ({
  subscriptionId: SUB,
  enabled: true,
  scansRegistries: true,
  ...change,
});

test.each<[string, DefenderPlan[], string[]]>([
  ['on', [plan()], []],
  ['off', [plan({ enabled: false })], [`${SUB} low`]],
  ['on, but not for registries', [plan({ scansRegistries: false })], [`${SUB} low`]],
  ['not read', [], []],
])('%s', (_, defenderPlans, expected) => {
  expect(told(defenderPlanDisabled, { registries: [registry()], defenderPlans })).toEqual(expected);
});

test('one finding for a subscription, however many registries', () => {
  const facts = { registries: [registry(), registry({ name: 'web' })], defenderPlans: [plan({ enabled: false })] };
  expect(defenderPlanDisabled.run(input(facts))).toEqual([
    {
      resourceId: `/subscriptions/${SUB}`,
      reason: 'Defender for Containers is off in this subscription: the images of its registries are not scanned.',
      evidence: { plan: 'Free', scansRegistries: false },
      fix: `az security pricing create --name Containers --tier Standard --subscription ${SUB}`,
    },
  ]);
});
