import { expect, test } from 'vitest';
import { detailReader } from '../../src/collect/registryDetails.ts';
import type { Sku } from '../../src/model/estate.ts';
import type { Gap } from '../../src/model/gap.ts';
import { SOURCES, type Source } from '../../src/model/source.ts';
import { registry, registryId } from '../build.ts';
import { connection, endpointId } from '../checks/told.ts';
import { estateOf, noMemory, simulated, wireRegistry } from '../wire.ts';

const ALL = new Set(Object.keys(SOURCES)) as ReadonlySet<Source>;
const ENDPOINT = {
  id: endpointId('pe-shop'),
  name: 'pe-shop',
  type: 'Microsoft.Network/privateEndpoints',
  properties: {},
};

async function read(needed: ReadonlySet<Source>, sku: Sku, resources = [wireRegistry('shop'), ENDPOINT]) {
  const { azure, simulator } = simulated(estateOf(resources));
  const gaps: Gap[] = [];
  const reader = detailReader(azure, needed, noMemory(), gaps);
  const shop = registry({ sku, privateEndpointConnections: sku === 'Premium' ? [connection()] : [] });
  const deleted = await reader.read(shop);
  return { deleted, gaps, asked: simulator.requests.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).sort() };
}

test('nothing that nobody needs is asked for', async () => {
  expect(await read(new Set(), 'Premium')).toEqual({ deleted: false, gaps: [], asked: [] });
});

test.each<[Sku, string[]]>([
  [
    'Premium',
    [
      'cacheRules',
      'credentialSets',
      'diagnosticSettings',
      'listUsages',
      'pe-shop',
      'privateDnsZoneGroups',
      'replications',
    ],
  ],
  ['Standard', ['cacheRules', 'credentialSets', 'diagnosticSettings', 'listUsages']],
  ['Basic', ['cacheRules', 'credentialSets', 'diagnosticSettings', 'listUsages']],
])('%s is asked only for what the tier has', async (sku, asked) => {
  expect(await read(ALL, sku)).toEqual({ deleted: false, gaps: [], asked });
});

test('a registry that went away meanwhile is deleted, not unreadable', async () => {
  const { deleted, gaps } = await read(ALL, 'Standard', []);
  expect({ deleted, gaps }).toEqual({ deleted: true, gaps: [] });
});

test('one that is there but has no such answer is a gap', async () => {
  const { azure } = simulated(estateOf([wireRegistry('shop')]), {
    faults: [{ match: { path: /listUsages/ }, effect: { kind: 'status', status: 404, code: 'NotFound' } }],
  });
  const gaps: Gap[] = [];
  const deleted = await detailReader(azure, new Set<Source>(['usages']), noMemory(), gaps).read(registry());
  expect(deleted).toBe(false);
  expect(gaps).toMatchObject([{ source: 'usages', scope: registryId('shop') }]);
});
