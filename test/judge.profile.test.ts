import { describe, expect, test } from 'vitest';
import { CHECKS } from '../src/checks/index.ts';
import { judge, sourcesOf, takesPart } from '../src/judge.ts';
import type { Policy } from '../src/model/policy.ts';
import { TENANT_SHARD } from '../src/model/sweep.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import { input, registry, SUB } from './build.ts';
import { LOWER } from './inOrder.ts';

const policy = (change: Partial<Policy>): Policy => ({ ...DEFAULT_POLICY, ...change });
const check = (id: string) => {
  const found = CHECKS.find((one) => one.id === id);
  if (!found) throw new Error(`there is no check ${id}`);
  return found;
};

describe('a check takes part', () => {
  test.each<[string, string, string, Partial<Policy>, boolean]>([
    ['in its shard', 'anonymous-pull-enabled', SUB, {}, true],
    ['in no other', 'anonymous-pull-enabled', TENANT_SHARD, {}, false],
    ['unless it is off', 'anonymous-pull-enabled', SUB, { checks: { 'anonymous-pull-enabled': 'off' } }, false],
    ['hygiene: not in profile auth', 'quarantine-disabled', SUB, {}, false],
    ['hygiene: in profile full', 'quarantine-disabled', SUB, { profile: 'full' }, true],
    [
      'hygiene: when the policy names it',
      'quarantine-disabled',
      SUB,
      { checks: { 'quarantine-disabled': 'high' } },
      true,
    ],
    [
      'hygiene: not when it is off, whatever the profile',
      'quarantine-disabled',
      SUB,
      { profile: 'full', checks: { 'quarantine-disabled': 'off' } },
      false,
    ],
    ['what is said of the policy, once', 'exception-orphaned', TENANT_SHARD, {}, true],
    ['and not in every subscription', 'exception-orphaned', SUB, {}, false],
  ])('%s', (_, id, shard, change, expected) => {
    expect(takesPart(check(id), shard, policy(change))).toBe(expected);
  });
});

describe('only what is needed is read', () => {
  test.each<[string, Partial<Policy>, Record<string, boolean>]>([
    [
      'profile auth',
      {},
      { usages: true, softDelete: false, defenderPlans: false, cacheRules: false, privateDnsRecords: true },
    ],
    ['profile full', { profile: 'full' }, { softDelete: true, defenderPlans: true, cacheRules: true, usages: true }],
    [
      'what is off costs nothing',
      {
        checks: {
          'usage-near-limit': 'off',
          'registry-unreachable': 'off',
          'diagnostic-logs-missing': 'off',
          'private-endpoint-dns-missing': 'off',
        },
      },
      { usages: false, diagnosticSettings: false, privateEndpoints: false, privateDnsZoneGroups: false },
    ],
  ])('%s', (_, change, expected) => {
    const sources = sourcesOf(SUB, policy(change));
    expect(
      Object.fromEntries(Object.keys(expected).map((name) => [name, [...sources].map(String).includes(name)])),
    ).toEqual(expected);
  });

  test('what stands before a source is needed with it', () => {
    expect([...sourcesOf(SUB, policy({}))]).toEqual(
      expect.arrayContaining([
        'subscriptions',
        'registries',
        'privateEndpoints',
        'privateDnsZoneGroups',
        'privateDnsRecords',
      ]),
    );
  });
});

// Peers' defect 5: Basic and Standard registries were nagged about what only Premium has.
test.each(['Basic', 'Standard'] as const)('peer defect 5: %s is told nothing that only Premium could mend', (sku) => {
  const bare = registry({ sku, ...LOWER });
  const logs = { registryId: bare.id, name: 'law', hasDestination: true, logs: ['allLogs'] };
  const findings = judge(
    input({ registries: [bare], diagnosticSettings: [logs], policy: policy({ profile: 'full' }) }),
    SUB,
  );
  expect(findings.map(({ checkId, severity }) => `${checkId} ${severity}`)).toEqual([
    'public-network-access-enabled medium',
    ...(sku === 'Basic' ? ['sku-below-minimum low'] : []),
  ]);
});

// Peers' defect 4: any private endpoint counted as protection, a rejected one too.
test('peer defect 4: a rejected endpoint protects nobody', () => {
  const endpointId = `/subscriptions/${SUB}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe-shop`;
  const shop = registry({ privateEndpointConnections: [{ name: 'shop.1', endpointId, status: 'Rejected' }] });
  const logs = { registryId: shop.id, name: 'law', hasDestination: true, logs: ['allLogs'] };
  const findings = judge(input({ registries: [shop], diagnosticSettings: [logs] }), SUB);
  expect(findings.map(({ checkId }) => checkId)).toEqual(['private-endpoint-not-approved', 'registry-unreachable']);
});

describe('a finding is for', () => {
  const shop = (tags: Record<string, string>) => registry({ anonymousPullEnabled: true, tags });
  test.each<[string, Record<string, string>, Policy['owners'], string[]]>([
    [
      'the owner tag of its registry',
      { Owner: 'ana@contoso.com' },
      { tags: ['owner'], fallback: 'p' },
      ['ana@contoso.com'],
    ],
    ['the first tag that is set', { team: 'web', owner: 'ana' }, { tags: ['owner', 'team'] }, ['ana']],
    ['the fallback', { owner: '' }, { tags: ['owner'], fallback: 'platform@contoso.com' }, ['platform@contoso.com']],
    ['nobody', {}, { tags: ['owner'] }, []],
  ])('%s', (_, tags, owners, expected) => {
    const findings = judge(input({ registries: [shop(tags)], policy: policy({ owners }) }), SUB);
    const own = findings.find(({ checkId }) => checkId === 'anonymous-pull-enabled');
    expect(own?.owners).toEqual(expected);
  });
});
