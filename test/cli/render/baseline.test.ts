import { expect, test } from 'vitest';
import { exportedRules } from '../../../src/cli/render/baseline.ts';
import type { Exposure, Registry } from '../../../src/model/estate.ts';
import { expectedByPolicy } from '../../../src/model/expectation.ts';
import { parsePolicy } from '../../../src/policy.ts';
import { NOW, OTHER_SUB, registry, SUB } from '../../build.ts';

function shown({ name, id }: Registry, expected: Exposure) {
  const exposure = { field: 'exposure', expected, origin: 'first-seen', live: null, differs: false } as const;
  return { name, registryId: id, firstSeenAt: NOW, fields: [exposure] };
}

test('what is exported is a policy that expects it, of registries of one name too', () => {
  const [shop, other, pay] = [
    registry(),
    registry({ name: 'SHOP', subscriptionId: OTHER_SUB }),
    registry({ name: 'pay' }),
  ];
  const text = exportedRules([shown(pay, 'public'), shown(shop, 'private'), shown(other, 'selected-networks')]);
  const policy = parsePolicy(text, 'warden.yaml');
  expect([pay, shop, other].map((one) => expectedByPolicy(one, policy)?.exposure)).toEqual([
    'public',
    'private',
    'selected-networks',
  ]);
  expect(policy.network.map(({ expect: _, ...selector }) => selector)).toEqual([
    { registry: 'pay' },
    { registry: 'shop', resourceGroup: 'rg', subscription: SUB },
    { registry: 'SHOP', resourceGroup: 'rg', subscription: OTHER_SUB },
  ]);
});
