import { expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { missingRegistration } from '../../simulator/index.ts';
import { readDefenderPlan } from '../../src/collect/defenderPlans.ts';
import type { Gap } from '../../src/model/gap.ts';
import { SUB } from '../build.ts';
import { estateOf, simulated } from '../wire.ts';

function wirePlan(name: string, properties: Wire) {
  const id = `/subscriptions/${SUB}/providers/Microsoft.Security/pricings/${name}`;
  return { id, name, type: 'Microsoft.Security/pricings', properties };
}

async function read(
  resources: Parameters<typeof estateOf>[0] = [],
  change: Parameters<typeof estateOf>[1] = {},
  options: Parameters<typeof simulated>[1] = {},
) {
  const { azure } = simulated(estateOf(resources, change), options);
  const gaps: Gap[] = [];
  return { plan: await readDefenderPlan(azure, SUB, gaps), gaps };
}

const scanning = (isEnabled: string): Wire[] => [{ name: 'ContainerRegistriesVulnerabilityAssessments', isEnabled }];

test.each<[string, Wire, boolean, boolean]>([
  ['on', { pricingTier: 'Standard', extensions: scanning('True') }, true, true],
  ['on, without a word of extensions', { pricingTier: 'Standard' }, true, true],
  ['on, registries left out', { pricingTier: 'Standard', extensions: scanning('False') }, true, false],
  ['off', { pricingTier: 'Free' }, false, true],
])('%s', async (_, properties, enabled, scansRegistries) => {
  const others = wirePlan('KeyVaults', { pricingTier: 'Standard' });
  expect(await read([others, wirePlan('Containers', properties)])).toEqual({
    plan: { subscriptionId: SUB, enabled, scansRegistries },
    gaps: [],
  });
});

test('not permitted is a gap', async () => {
  const action = 'Microsoft.Security/pricings/read';
  const { plan, gaps } = await read([], { denied: [{ action }] });
  expect(plan).toBeUndefined();
  expect(gaps).toMatchObject([{ source: 'defenderPlans', scope: `/subscriptions/${SUB}`, permission: action }]);
});

test('where Defender was never registered it is off', async () => {
  expect(await read([], {}, { faults: [missingRegistration(SUB, 'Microsoft.Security')] })).toEqual({
    plan: { subscriptionId: SUB, enabled: false, scansRegistries: false },
    gaps: [],
  });
});
