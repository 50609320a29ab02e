import { expect, test } from 'vitest';
import { zoneRedundancyDisabled } from '../../src/checks/zone-redundancy-disabled.ts';
import type { Registry, Replication } from '../../src/model/estate.ts';
import { input, registry, registryId, replication, SUB } from '../build.ts';
import { told } from './told.ts';

const NO = { zoneRedundant: false };

test.each<[string, Partial<Registry>, Replication[], string[]]>([
  ['spread', {}, [replication()], []],
  ['not spread', NO, [], ['shop low']],
  ['its home replica is told once', NO, [replication({ name: 'westeurope', ...NO })], ['shop low']],
  ['a replica that is not', {}, [replication(NO)], ['shop [northeurope] low']],
  ['both', NO, [replication(NO)], ['shop low', 'shop [northeurope] low']],
  ['not Premium', { ...NO, sku: 'Standard' }, [], []],
])('%s', (_, change, replications, expected) => {
  expect(told(zoneRedundancyDisabled, { registries: [registry(change)], replications })).toEqual(expected);
});

test('a replica can be made anew', () => {
  expect(zoneRedundancyDisabled.run(input({ registries: [registry()], replications: [replication(NO)] }))).toEqual([
    {
      resourceId: registryId('shop'),
      subject: 'northeurope',
      reason: 'The replica of shop in northeurope is not spread over zones.',
      evidence: { location: 'northeurope', zoneRedundancy: 'Disabled' },
      fix: `az acr replication delete --registry shop --subscription ${SUB} --name northeurope, then az acr replication create --registry shop --subscription ${SUB} --location northeurope --zone-redundancy enabled`,
    },
  ]);
});
