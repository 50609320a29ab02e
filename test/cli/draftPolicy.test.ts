import { expect, test } from 'vitest';
import { draftPolicy } from '../../src/cli/draftPolicy.ts';
import type { Registry } from '../../src/model/estate.ts';
import { DEFAULT_POLICY, parsePolicy } from '../../src/policy.ts';
import { gap, NOW, OTHER_SUB, registry, registryId, SUB } from '../build.ts';

function draft(registries: Registry[], change: Partial<Parameters<typeof draftPolicy>[0]> = {}) {
  const text = draftPolicy({ registries, gaps: [], subscriptions: undefined, sweptAt: NOW, ...change });
  return { text, policy: parsePolicy(text, 'warden.yaml') };
}

const ELSEWHERE = registryId('shop').replace('/rg/', '/rg-2/');
const OPEN = { exposure: 'public', publicNetworkAccess: 'Enabled', defaultAction: 'Allow' } as const;

test('expects of each registry what it is like, in one order', () => {
  const { policy } = draft([
    registry({ name: 'web', exposure: 'selected-networks', ipRules: ['203.0.113.0/24'] }),
    registry({ name: 'shop' }),
  ]);
  const common = { anonymousPull: false, adminUser: false, bypass: 'None', tasksBypass: false, dataEndpoint: true };
  expect(policy).toEqual({
    ...DEFAULT_POLICY,
    network: [
      { registry: 'shop', expect: { ...common, exposure: 'private', exportPolicy: 'disabled' } },
      { registry: 'web', expect: { ...common, exposure: 'selected-networks', ipRules: ['203.0.113.0/24'] } },
    ],
  });
});

test('does not accept what opens a registry, and says how one would', () => {
  const { policy, text } = draft([
    registry({ ...OPEN, sku: 'Standard', anonymousPullEnabled: true, adminUserEnabled: false }),
    registry({ ...OPEN, name: 'web' }),
  ]);
  expect(policy.network.map(({ expect: { exposure, anonymousPull } }) => [exposure, anonymousPull])).toEqual([
    [undefined, undefined],
    [undefined, false],
  ]);
  expect(text).toContain('  # It is Standard, which everybody reaches. Where that is meant: exposure: public\n');
  expect(text).toContain('  # Anybody pulls from it without signing in. Where that is meant: anonymousPull: true\n');
});

test('a registry of which nothing is fit to be expected', () => {
  const { policy, text } = draft([
    registry({ ...OPEN, sku: 'Standard', anonymousPullEnabled: true, adminUserEnabled: true }),
  ]);
  expect(policy.network).toEqual([]);
  expect(text).toContain('  #- { registry: shop, expect: {} }\n');
});

test('registries of one name are told apart by their places, also where nothing is expected of one', () => {
  const { policy, text } = draft([
    registry(),
    registry({ name: 'SHOP', subscriptionId: OTHER_SUB }),
    registry({
      ...OPEN,
      id: ELSEWHERE,
      resourceGroup: 'rg-2',
      sku: 'Standard',
      anonymousPullEnabled: true,
      adminUserEnabled: true,
    }),
  ]);
  expect(policy.network.map(({ expect: _, ...selector }) => selector)).toEqual([
    { registry: 'SHOP', resourceGroup: 'rg', subscription: OTHER_SUB },
    { registry: 'shop', resourceGroup: 'rg', subscription: SUB },
  ]);
  expect(text).toContain(`  #- { registry: shop, resourceGroup: rg-2, subscription: ${SUB}, expect: {} }\n`);
});

test.each([
  ['no registry', [], DEFAULT_POLICY.owners.tags],
  [
    'owners by the tags that are used, as they are written',
    [registry({ tags: { Team: 'web', Owner: 'ana', x: 'y' } })],
    ['Owner', 'Team'],
  ],
])('%s', (_, registries, tags) => {
  expect(draft(registries).policy.owners).toEqual({ tags });
});

test('names that look like numbers stay names', () => {
  expect(draft([registry({ name: '12345' })]).policy.network[0]?.registry).toBe('12345');
});

test('what was asked for, and what could not be read, is in it', () => {
  const { policy, text } = draft([], { subscriptions: [SUB], gaps: [gap({ reason: 'cannot read\nthis' })] });
  expect(policy.scope.subscriptions).toEqual([SUB]);
  expect(text).toContain('# - cannot read this\n');
});
