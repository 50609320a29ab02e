import { expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { missingRegistration } from '../../simulator/index.ts';
import { readDiagnosticSettings } from '../../src/collect/diagnosticSettings.ts';
import type { Gap } from '../../src/model/gap.ts';
import { registry, registryId, SUB } from '../build.ts';
import { estateOf, simulated, wireRegistry } from '../wire.ts';

const WORKSPACE = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law';

function wireSetting(properties: Wire, name = 'to-law') {
  return {
    id: `${registryId('shop')}/providers/Microsoft.Insights/diagnosticSettings/${name}`,
    name,
    type: 'Microsoft.Insights/diagnosticSettings',
    properties,
  };
}

async function read(
  resources: Parameters<typeof estateOf>[0] = [],
  change: Parameters<typeof estateOf>[1] = {},
  options: Parameters<typeof simulated>[1] = {},
) {
  const { azure } = simulated(estateOf([wireRegistry('shop'), ...resources], change), options);
  const gaps: Gap[] = [];
  return { settings: await readDiagnosticSettings(azure, registry(), gaps), gaps };
}

test.each<[string, Wire, boolean, string[]]>([
  [
    'a category and a group; what is disabled does not count',
    {
      workspaceId: WORKSPACE,
      logs: [
        { category: 'ContainerRegistryLoginEvents', categoryGroup: null, enabled: true },
        { category: 'ContainerRegistryRepositoryEvents', enabled: false },
        { category: null, categoryGroup: 'audit', enabled: true },
      ],
    },
    true,
    ['ContainerRegistryLoginEvents', 'audit'],
  ],
  [
    'an empty workspace is none',
    { workspaceId: '', storageAccountId: null, logs: [{ categoryGroup: 'allLogs', enabled: true }] },
    false,
    ['allLogs'],
  ],
  ['a storage account', { storageAccountId: '/x', logs: null }, true, []],
  ['an event hub', { eventHubAuthorizationRuleId: '/x' }, true, []],
  ['a partner', { marketplacePartnerId: '/x', metrics: [{ category: 'AllMetrics', enabled: true }] }, true, []],
])('%s', async (_, properties, hasDestination, logs) => {
  expect(await read([wireSetting(properties)])).toEqual({
    settings: [{ registryId: registryId('shop'), name: 'to-law', hasDestination, logs }],
    gaps: [],
  });
});

test('logs in another shape are a gap, not an empty list', async () => {
  const { settings, gaps } = await read([wireSetting({ logs: [{ category: 'x', enabled: 'yes' }] })]);
  expect(settings).toEqual([]);
  expect(gaps).toMatchObject([{ source: 'diagnosticSettings', scope: registryId('shop'), code: 'UnusableAnswer' }]);
  expect(gaps[0]?.reason).toContain('properties.logs.0.enabled');
});

test('not permitted is a gap', async () => {
  const action = 'Microsoft.Insights/diagnosticSettings/read';
  expect((await read([], { denied: [{ action }] })).gaps).toMatchObject([{ permission: action }]);
});

test('where Insights was never registered there are none', async () => {
  const faults = [missingRegistration(SUB, 'Microsoft.Insights')];
  expect(await read([], {}, { faults })).toEqual({ settings: [], gaps: [] });
});
