import { expect, test } from 'vitest';
import { readSoftDelete } from '../../src/collect/softDelete.ts';
import type { Gap } from '../../src/model/gap.ts';
import { registry, registryId, SUB } from '../build.ts';
import { estateOf, simulated, wireRegistry } from '../wire.ts';

test('is read from the raw answer of a preview version, for all registries at once', async () => {
  const { azure, simulator } = simulated(
    estateOf([
      wireRegistry('shop', { policies: { softDeletePolicy: { status: 'enabled', retentionDays: 7 } } }),
      wireRegistry('web', { policies: { softDeletePolicy: { status: 'disabled' } } }),
      wireRegistry('old', { policies: null }),
      wireRegistry('excluded', { policies: { softDeletePolicy: { status: 'enabled' } } }),
    ]),
  );
  const registries = [registry(), registry({ name: 'web' }), registry({ name: 'old' })];
  const gaps: Gap[] = [];
  await readSoftDelete(azure, SUB, registries, gaps);
  expect(gaps).toEqual([]);
  expect(registries.map(({ name, softDelete }) => [name, softDelete])).toEqual([
    ['shop', true],
    ['web', false],
    ['old', false],
  ]);
  expect(simulator.requests).toHaveLength(1);
});

test('a read that fails says nothing of any registry', async () => {
  const action = 'Microsoft.ContainerRegistry/registries/read';
  const { azure } = simulated(estateOf([wireRegistry('shop')], { denied: [{ action }] }));
  const registries = [registry()];
  const gaps: Gap[] = [];
  await readSoftDelete(azure, SUB, registries, gaps);
  expect(registries[0]).not.toHaveProperty('softDelete');
  expect(gaps).toMatchObject([{ source: 'softDelete', scope: `/subscriptions/${SUB}`, permission: action }]);
});

test('a registry that the list leaves out is a gap, not one without the policy', async () => {
  const { azure } = simulated(estateOf([wireRegistry('shop')]));
  const registries = [registry(), registry({ name: 'web' })];
  const gaps: Gap[] = [];
  await readSoftDelete(azure, SUB, registries, gaps);
  expect(registries.map(({ softDelete }) => softDelete)).toEqual([false, undefined]);
  expect(gaps).toMatchObject([{ source: 'softDelete', scope: registryId('web'), code: 'Contradiction' }]);
});
