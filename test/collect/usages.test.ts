import { expect, test } from 'vitest';
import type { Wire } from '../../simulator/estate.ts';
import { readUsages } from '../../src/collect/usages.ts';
import type { Gap } from '../../src/model/gap.ts';
import { registry, registryId } from '../build.ts';
import { estateOf, simulated, wireRegistry } from '../wire.ts';

async function read(usages: Wire[], change: Parameters<typeof estateOf>[1] = {}) {
  const { azure } = simulated(
    estateOf([wireRegistry('shop')], { usages: { [registryId('shop')]: usages }, ...change }),
  );
  const gaps: Gap[] = [];
  return { usages: await readUsages(azure, registry(), gaps), gaps };
}

test('each limit with what is used of it', async () => {
  const read_ = await read([
    { name: 'Size', limit: 536870912000, currentValue: 1, unit: 'Bytes' },
    { name: 'Geo-replications', limit: -1, currentValue: 2, unit: 'Count' },
  ]);
  expect(read_).toEqual({
    usages: [
      { registryId: registryId('shop'), name: 'Size', limit: 536870912000, currentValue: 1, unit: 'Bytes' },
      { registryId: registryId('shop'), name: 'Geo-replications', limit: -1, currentValue: 2, unit: 'Count' },
    ],
    gaps: [],
  });
});

test.each([
  ['no limit', { name: 'Size', currentValue: 1, unit: 'Bytes' }, 'came without the limit of Size'],
  ['no value', { name: 'Size', limit: 1, unit: 'Bytes' }, 'came without the current value of Size'],
  ['a unit of the future', { name: 'Size', limit: 1, currentValue: 1, unit: 'Crates' }, "Size in unit 'Crates'"],
])('%s is a gap, not a nought', async (_, wire, words) => {
  const { usages, gaps } = await read([wire]);
  expect(usages).toEqual([]);
  expect(gaps).toMatchObject([{ source: 'usages', scope: registryId('shop'), code: 'UnusableAnswer' }]);
  expect(gaps[0]?.reason).toContain(words);
});

test('not permitted is a gap that names the permission', async () => {
  const action = 'Microsoft.ContainerRegistry/registries/listUsages/read';
  const { gaps } = await read([], { denied: [{ action, scope: registryId('shop') }] });
  expect(gaps).toMatchObject([{ source: 'usages', scope: registryId('shop'), permission: action }]);
});
