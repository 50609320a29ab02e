import { expect, test } from 'vitest';
import { ipRuleTooBroad } from '../../src/checks/ip-rule-too-broad.ts';
import type { Openings, PostureChange } from '../../src/model/change.ts';
import { withOpened } from '../../src/opened.ts';
import { input, registry, registryId, SUB } from '../build.ts';
import { policy, told } from './told.ts';

const SELECTED = { exposure: 'selected-networks', publicNetworkAccess: 'Enabled' } as const;

test.each([
  ['no rule', [], 16, []],
  ['on the threshold', ['198.51.0.0/16'], 16, []],
  ['a bit wider', ['198.50.0.0/15'], 16, ['shop [198.50.0.0/15] high']],
  ['half of everything', ['0.0.0.0/1'], 16, ['shop [0.0.0.0/1] high']],
  [
    'each rule by itself',
    ['10.0.0.0/8', '203.0.113.5/32', '20.0.0.0/9'],
    16,
    ['shop [10.0.0.0/8] high', 'shop [20.0.0.0/9] high'],
  ],
  ['IPv6 on its threshold', ['2001:db8::/32'], 16, []],
  ['IPv6 a bit wider', ['2001:db8::/31'], 16, ['shop [2001:db8::/31] high']],
  ['as the policy wants it', ['203.0.113.0/24', '203.0.112.0/23'], 24, ['shop [203.0.112.0/23] high']],
])('%s', (_, ipRules, widestRange, expected) => {
  expect(
    told(ipRuleTooBroad, { registries: [registry({ ...SELECTED, ipRules })], policy: policy({ widestRange }) }),
  ).toEqual(expected);
});

test.each([
  ['rules mean nothing while public access is disabled', { exposure: 'private' as const }],
  ['another check speaks of what is public', { exposure: 'public' as const }],
  ['no rules below Premium', { sku: 'Standard' as const, exposure: 'selected-networks' as const }],
])('silent: %s', (_, change) => {
  expect(told(ipRuleTooBroad, { registries: [registry({ ...change, ipRules: ['10.0.0.0/8'] })] })).toEqual([]);
});

test('200 rules, one of them wide', () => {
  const narrow = Array.from({ length: 199 }, (_, index) => `203.0.113.${index}/32`);
  const [hit] = ipRuleTooBroad.run(
    input({ registries: [registry({ ...SELECTED, ipRules: [...narrow, '20.0.0.0/8'] })] }),
  );
  expect(hit).toEqual({
    resourceId: registryId('shop'),
    subject: '20.0.0.0/8',
    reason: 'A network rule of shop lets in all of 20.0.0.0/8.',
    evidence: { rule: '20.0.0.0/8' },
    fix: `az acr network-rule add --name shop --subscription ${SUB} --ip-address <the range that is really used>, then az acr network-rule remove --name shop --subscription ${SUB} --ip-address 20.0.0.0/8`,
  });
});

test.each([
  ['whoever added it, whatever others changed since', ['192.0.2.7/32'], 'ana'],
  ['whoever made a narrower one so wide', ['20.0.0.0/12'], 'ana'],
  ['nobody, of one that was there before', ['20.0.0.0/8'], undefined],
])('it is by %s', (_what, before, changedBy) => {
  const after = ['192.0.2.7/32', '20.0.0.0/8'];
  const live = registry({ ...SELECTED, ipRules: [...after, '198.51.100.1/32'] });
  const openings = [
    changeOf({ changeId: 'c1', changedBy: 'ana', before, after }),
    changeOf({ changeId: 'c2', changedBy: 'omar', before: after, after: live.ipRules }),
  ].reduce<Openings>(withOpened, {});
  const remembered = new Map([[live.id.toLowerCase(), { lastChanges: {}, openings }]]);
  const [hit] = ipRuleTooBroad.run({ ...input({ registries: [live] }), remembered });
  expect(hit?.changedBy).toBe(changedBy);
});

function changeOf(change: Partial<PostureChange>): PostureChange {
  return {
    changeId: 'c1',
    registryId: registryId('shop'),
    property: 'ipRules',
    before: [],
    after: [],
    changedBy: 'ana',
    changedByType: 'User',
    client: '',
    operation: '',
    correlationId: '',
    source: 'resource-graph',
    ...change,
  };
}
