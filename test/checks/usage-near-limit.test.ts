import { expect, test } from 'vitest';
import { usageNearLimit } from '../../src/checks/usage-near-limit.ts';
import type { Sku, Usage } from '../../src/model/estate.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { policy, told } from './told.ts';

const GIB = 1024 ** 3;

function usage(name: string, currentValue: number, limit: number): Usage {
  const unit = name === 'Size' ? 'Bytes' : 'Count';
  return { registryId: registryId('shop').toUpperCase(), name, currentValue, limit, unit };
}

test.each<[string, Usage, Sku, string[]]>([
  ['one below 70 %', usage('Webhooks', 349, 500), 'Premium', []],
  ['70 %', usage('Webhooks', 350, 500), 'Premium', ['shop [Webhooks] medium']],
  ['one below 90 %', usage('Webhooks', 449, 500), 'Premium', ['shop [Webhooks] medium']],
  ['90 %', usage('Webhooks', 450, 500), 'Premium', ['shop [Webhooks] high']],
  ['full', usage('IPRules', 200, 200), 'Premium', ['shop [IPRules] high']],
  ['nothing used', usage('Tokens', 0, 50_000), 'Premium', []],
  ['unlimited', usage('Geo-replications', 40, -1), 'Premium', []],
  ['a limit of nothing', usage('Geo-replications', 1, 0), 'Standard', []],
  ['storage, a byte below', usage('Size', 70 * GIB - 1, 100 * GIB), 'Standard', []],
  ['storage, 70 %', usage('Size', 70 * GIB, 100 * GIB), 'Standard', ['shop [Size] medium']],
  ['storage, nearly all that is included', usage('Size', 99 * GIB, 100 * GIB), 'Standard', ['shop [Size] medium']],
  ['storage, more than is included', usage('Size', 12 * GIB, 10 * GIB), 'Basic', ['shop [Size] medium']],
  ['storage, below the end of the tier', usage('Size', 36 * 1024 * GIB - 1, 10 * GIB), 'Basic', ['shop [Size] medium']],
  ['storage, near the end of the tier', usage('Size', 36 * 1024 * GIB, 10 * GIB), 'Basic', ['shop [Size] high']],
  ['Premium ends later', usage('Size', 89 * 1024 * GIB, 500 * GIB), 'Premium', ['shop [Size] medium']],
  ['a tier whose end is not known', usage('Size', 900 * 1024 * GIB, 500 * GIB), 'Classic', ['shop [Size] medium']],
])('%s', (_, one, sku, expected) => {
  expect(told(usageNearLimit, { registries: [registry({ sku })], usages: [one] })).toEqual(expected);
});

test('the steps are those of the policy', () => {
  const usages = [usage('Webhooks', 50, 100), usage('Tokens', 49, 100), usage('IPRules', 60, 100)];
  const wanted = policy({ capacity: { warn: 50, critical: 60 } });
  expect(told(usageNearLimit, { registries: [registry()], usages, policy: wanted })).toEqual([
    'shop [Webhooks] medium',
    'shop [IPRules] high',
  ]);
});

test('the evidence does not change with every push', () => {
  const hitAt = (used: number) =>
    usageNearLimit.run(input({ registries: [registry()], usages: [usage('Size', used * GIB, 100 * GIB)] }))[0];
  expect(hitAt(71)?.evidence).toEqual({ usage: 'Size', limit: 100 * GIB, reached: '70 %' });
  expect(hitAt(140)?.evidence).toEqual(hitAt(71)?.evidence);
  expect(hitAt(71)?.reason).toBe('shop stores 71 GiB of the 100 GiB that Premium includes (71 %); more is billed.');
});

test('below Premium the next tier has more', () => {
  const [hit] = usageNearLimit.run(
    input({ registries: [registry({ sku: 'Standard' })], usages: [usage('Webhooks', 9, 10)] }),
  );
  expect(hit?.fix).toBe(
    `az acr update --name shop --subscription ${SUB} --sku Premium, or remove Webhooks that nobody needs`,
  );
});

test('storage: what would be removed is looked at first', () => {
  const [hit] = usageNearLimit.run(input({ registries: [registry()], usages: [usage('Size', 80 * GIB, 100 * GIB)] }));
  expect(hit?.fix).toBe(
    `az acr run --registry shop --subscription ${SUB} --cmd "acr purge --filter '<repository>:.*' --ago 90d --untagged --dry-run" /dev/null lists what was not updated for 90 days, whether it is pulled or not; without --dry-run it is removed, and cannot be brought back`,
  );
});
