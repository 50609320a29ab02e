import { expect, test } from 'vitest';
import { readCacheRules } from '../../src/collect/cacheRules.ts';
import type { Gap } from '../../src/model/gap.ts';
import { registry, registryId } from '../build.ts';
import { estateOf, simulated, wireRegistry } from '../wire.ts';

const ID = `${registryId('shop')}/cacheRules/alpine`;

function wireRule(properties: Record<string, unknown>) {
  return { id: ID, name: 'alpine', type: 'Microsoft.ContainerRegistry/registries/cacheRules', properties };
}

async function read(...resources: ReturnType<typeof wireRule>[]) {
  const { azure } = simulated(estateOf([wireRegistry('shop'), ...resources]));
  const gaps: Gap[] = [];
  return { rules: await readCacheRules(azure, registry(), gaps), gaps };
}

test('what is mirrored from where', async () => {
  expect(await read(wireRule({ sourceRepository: 'docker.io/library/alpine', targetRepository: 'alpine' }))).toEqual({
    rules: [{ id: ID, name: 'alpine', registryId: registryId('shop'), sourceRepository: 'docker.io/library/alpine' }],
    gaps: [],
  });
});

test('a rule without a source is a gap', async () => {
  const { rules, gaps } = await read(wireRule({ targetRepository: 'alpine' }));
  expect(rules).toEqual([]);
  expect(gaps).toMatchObject([{ source: 'cacheRules', scope: registryId('shop'), code: 'UnusableAnswer' }]);
});
