import { expect, test } from 'vitest';
import { tasksBypassAllowed } from '../../src/checks/tasks-bypass-allowed.ts';
import type { Registry } from '../../src/model/estate.ts';
import { input, registry } from '../build.ts';
import { told } from './told.ts';

test.each<[string, Partial<Registry>, string[]]>([
  ['closed is silent', { exposure: 'private' }, []],
  ['private', { exposure: 'private', tasksBypass: true }, ['shop medium']],
  ['selected networks', { exposure: 'selected-networks', tasksBypass: true }, ['shop medium']],
  ['public has nothing to bypass', { exposure: 'public', tasksBypass: true }, []],
  ['Standard has no rules', { exposure: 'private', sku: 'Standard', tasksBypass: true }, []],
  ['Basic has no rules', { exposure: 'private', sku: 'Basic', tasksBypass: true }, []],
])('%s', (_, change, expected) => {
  expect(told(tasksBypassAllowed, { registries: [registry(change)] })).toEqual(expected);
});

test('says what to run', () => {
  const shop = registry({ tasksBypass: true });
  expect(tasksBypassAllowed.run(input({ registries: [shop] }))).toEqual([
    {
      resourceId: shop.id,
      reason:
        "Tasks reach shop past its network rules: whoever can run one, or holds its identity's token, has a way in.",
      evidence: { networkRuleBypassAllowedForTasks: true, exposure: 'private' },
      fix: `Run its tasks on an agent pool; then az resource update --ids ${shop.id} --api-version 2025-11-01 --set properties.networkRuleBypassAllowedForTasks=false`,
    },
  ]);
});
