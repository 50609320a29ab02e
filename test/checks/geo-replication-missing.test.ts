import { expect, test } from 'vitest';
import { geoReplicationMissing } from '../../src/checks/geo-replication-missing.ts';
import type { Registry, Replication } from '../../src/model/estate.ts';
import { gap, input, registry, registryId, replication, SUB } from '../build.ts';
import { told } from './told.ts';

const HOME = replication({ name: 'westeurope' });

test.each<[string, Partial<Registry>, Replication[], string[]]>([
  ['none', {}, [], ['shop low']],
  ['the home region alone is none', {}, [HOME], ['shop low']],
  ['the home region, written otherwise', {}, [{ ...HOME, location: 'West Europe' }], ['shop low']],
  ['a second region', {}, [HOME, replication()], []],
  ["another registry's", {}, [replication({ registryId: registryId('web') })], ['shop low']],
  ['Standard cannot', { sku: 'Standard' }, [], []],
])('%s', (_, change, replications, expected) => {
  expect(told(geoReplicationMissing, { registries: [registry(change)], replications })).toEqual(expected);
});

test('what could not be read is not missing', () => {
  const gaps = [gap({ source: 'replications', scope: registryId('shop') })];
  expect(told(geoReplicationMissing, { registries: [registry()], gaps })).toEqual([]);
});

test('the whole finding', () => {
  expect(geoReplicationMissing.run(input({ registries: [registry()] }))).toEqual([
    {
      resourceId: registryId('shop'),
      reason: 'shop is kept in westeurope only: an outage of that region stops every pull.',
      evidence: { location: 'westeurope' },
      fix: `az acr replication create --registry shop --subscription ${SUB} --location <second region>`,
    },
  ]);
});
