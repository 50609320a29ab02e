import { expect, test } from 'vitest';
import { exceptionOrphaned } from '../../src/checks/exception-orphaned.ts';
import type { CheckInput } from '../../src/model/check.ts';
import type { Policy } from '../../src/model/policy.ts';
import { gap, input, OTHER_SUB, registry, registryId, SUB } from '../build.ts';
import { policy } from './told.ts';

const WHOLE = { excludeTags: {} };

function orphans(
  wanted: string,
  facts: Partial<CheckInput> = {},
  { until = '2027-01-31', scope = WHOLE }: { until?: string; scope?: Policy['scope'] } = {},
) {
  const exceptions = [{ check: 'admin-account-enabled', registry: wanted, owner: 'ana', reason: 'because', until }];
  return exceptionOrphaned.run(input({ registries: [registry()], ...facts, policy: policy({ exceptions, scope }) }));
}

test.each<[string, string, Partial<CheckInput>, number]>([
  ['it is there', 'shop', {}, 0],
  ['names have no letter case', 'SHOP', {}, 0],
  ['a pattern that fits', 'sh*', {}, 0],
  ['its id', registryId('shop'), {}, 0],
  ['left alone by the policy, but there', 'web', { excluded: [registryId('web')] }, 0],
  ['every registry, where there is none', '*', { registries: [] }, 0],
  ['gone', 'web', {}, 1],
  ['a pattern that fits nothing', 'web*', {}, 1],
  ['an id of a swept subscription', registryId('web'), {}, 1],
  ['an id of another subscription', registryId('web', OTHER_SUB), {}, 0],
  [
    'an id of no registry',
    `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe`,
    {},
    0,
  ],
  ['an id that is misspelt', registryId('shop').replace('registries', 'registry'), {}, 1],
  ['the address of a vault', 'https://kv-shop.vault.azure.net', {}, 0],
  ['a name, and a list that broke somewhere', 'web', { gaps: [gap({ scope: `/subscriptions/${OTHER_SUB}` })] }, 0],
  [
    'a name, and subscriptions that could not be listed',
    'web',
    { gaps: [gap({ source: 'subscriptions', scope: '/' })] },
    0,
  ],
  [
    'a name, and a management group that could not be read',
    'web',
    { gaps: [gap({ source: 'managementGroups', scope: '/providers/Microsoft.Management/managementGroups/prod' })] },
    0,
  ],
  [
    'a name, and tokens that could not be read',
    'web',
    { gaps: [gap({ source: 'tokens', scope: registryId('shop') })] },
    1,
  ],
  ['an id inside the gap', registryId('web'), { gaps: [gap({ scope: `/subscriptions/${SUB}` })] }, 0],
  ['an id outside the gap', registryId('web'), { gaps: [gap({ scope: `/subscriptions/${OTHER_SUB}` })] }, 1],
])('%s', (_, wanted, facts, count) => {
  expect(orphans(wanted, facts)).toHaveLength(count);
});

test.each<[string, string, Policy['scope'], number]>([
  ['a name, and other registries are left alone', 'web', { excludeTags: { 'acr-warden': 'ignore' } }, 1],
  ['a name, which may be in a subscription that the policy leaves out', 'web', { ...WHOLE, subscriptions: [SUB] }, 0],
  ['a pattern, likewise', 'web*', { ...WHOLE, subscriptions: [SUB] }, 0],
  ['a name, which may be outside of the management groups', 'web', { ...WHOLE, managementGroups: ['prod'] }, 0],
  ['an id of a subscription that it names', registryId('web'), { ...WHOLE, subscriptions: [SUB] }, 1],
])('where the policy narrows the sweep: %s', (_, wanted, scope, count) => {
  expect(orphans(wanted, {}, { scope })).toHaveLength(count);
});

test('one that has ended is only that', () => {
  expect(orphans('web', {}, { until: '2026-11-23' })).toEqual([]);
  expect(orphans('web', {}, { until: '2026-11-24' })).toHaveLength(1);
});

test('the whole finding', () => {
  expect(orphans('web')).toEqual([
    {
      resourceId: '/policy',
      subject: 'admin-account-enabled/web',
      reason:
        'The exception of admin-account-enabled names web, and there is no such registry; it would mute the next one of that name until 2027-01-31.',
      evidence: { check: 'admin-account-enabled', registry: 'web', owner: 'ana', until: '2027-01-31' },
      owners: ['ana'],
      fix: 'Remove the exception of admin-account-enabled for web from warden.yaml, or correct the name of the registry',
    },
  ]);
});
