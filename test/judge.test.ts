import { describe, expect, test } from 'vitest';
import { CHECKS } from '../src/checks/index.ts';
import { findingId, judge, takesPart } from '../src/judge.ts';
import type { Facts } from '../src/model/estate.ts';
import type { Policy } from '../src/model/policy.ts';
import { DEFAULT_POLICY } from '../src/policy.ts';
import {
  application,
  assignment,
  CI,
  CONTRIBUTOR,
  holding,
  PULL,
  principal,
  scopeMap,
  secret,
} from './access/builders.ts';
import { gap, input, OTHER_SUB, only, password, registry, registryId, SUB, subscription, token } from './build.ts';
import { endpointId } from './checks/told.ts';

const SHOP = registryId('shop');

describe('the key of a finding', () => {
  test('is the first 16 digits of a hash of check, resource and subject', () => {
    // printf 'a|/b|c' | sha256sum
    expect(findingId('a', '/b', 'c')).toBe('a818df4e0f2f59c4');
  });
  test('does not know letter case', () => {
    expect(findingId('admin-account-enabled', SHOP.toUpperCase(), 'CI')).toBe(
      findingId('admin-account-enabled', SHOP, 'ci'),
    );
  });
  test.each([
    ['another check', findingId('b', SHOP, 'ci')],
    ['another resource', findingId('a', registryId('shop2'), 'ci')],
    ['another subject', findingId('a', SHOP, 'ci2')],
  ])('%s, another key', (_what, id) => {
    expect(id).not.toBe(findingId('a', SHOP, 'ci'));
  });
});

describe('which check takes part', () => {
  function parts(id: string, policy: Partial<Policy> = {}): string[] {
    const check = CHECKS.find((one) => one.id === id);
    if (!check) throw new Error(`there is no check ${id}`);
    return ['tenant', SUB].filter((shard) => takesPart(check, shard, { ...DEFAULT_POLICY, ...policy }));
  }
  test.each([
    ['admin-account-enabled', {}, [SUB]],
    ['token-password-expired', {}, [SUB]],
    ['principal-secret-expired', {}, ['tenant']],
    ['unreadable-scope', {}, ['tenant', SUB]],
    ['admin-account-enabled', { checks: { 'admin-account-enabled': 'off' as const } }, []],
    ['retention-disabled', {}, []],
    ['retention-disabled', { profile: 'full' as const }, [SUB]],
    ['retention-disabled', { checks: { 'retention-disabled': 'low' as const } }, [SUB]],
  ])('%s under %j: %j', (id, policy, expected) => {
    expect(parts(id, policy)).toEqual(expected);
  });
});

test('a hit becomes a finding with its place', () => {
  const facts = input({ registries: [registry({ adminUserEnabled: true })], policy: only('admin-account-enabled') });
  expect(judge(facts, SUB)).toEqual([
    {
      findingId: findingId('admin-account-enabled', SHOP, ''),
      checkId: 'admin-account-enabled',
      category: 'access',
      severity: 'high',
      title: 'Registry admin account is enabled',
      reason: expect.stringContaining('shop'),
      fix: expect.stringContaining(`az acr update --name shop --subscription ${SUB} --admin-enabled false`),
      docs: 'docs/checks/admin-account-enabled.md',
      subscriptionId: SUB,
      subscriptionName: 'Prod',
      resourceGroup: 'rg',
      registryName: 'shop',
      registryId: SHOP,
      resourceId: SHOP,
      sku: 'Premium',
      subject: '',
      owners: [],
      evidence: { adminUserEnabled: true },
    },
  ]);
});

describe('whom to ask where a finding is about several registries', () => {
  const AT_SUB = { scope: `/subscriptions/${SUB}` };
  const cases: [string, Partial<Facts>][] = [
    ['principal-without-owner', { servicePrincipals: [principal({ owners: [] })] }],
    ['registry-role-too-broad', { roleAssignments: [assignment(CONTRIBUTOR, AT_SUB)] }],
    ['principal-secret-never-expires', { servicePrincipals: [principal({ owners: [] })] }],
  ];
  test.each(cases)('%s', (id, change) => {
    const owners = (...tags: string[]): (string[] | undefined)[] => {
      const registries = tags.map((owner, index) => registry({ name: `r${index}`, tags: owner ? { owner } : {} }));
      const policy = { ...only(id), owners: { tags: ['owner'], fallback: 'platform' } };
      const facts = holding([secret(undefined)], {
        registries,
        roleAssignments: [assignment(PULL, AT_SUB)],
        ...change,
      });
      return judge(input({ ...facts, policy }), 'tenant').map((finding) => finding.owners);
    };
    expect(owners('web')).toEqual([['web']]);
    expect(owners('web', 'web')).toEqual([['web']]);
    expect(owners('web', '', 'data')).toEqual([['data', 'web']]);
    expect(owners('', '')).toEqual([['platform']]);
  });
});

test('the policy gives another severity', () => {
  const policy = { ...only('admin-account-enabled') };
  policy.checks = { ...policy.checks, 'admin-account-enabled': 'info' };
  const [finding] = judge(input({ registries: [registry({ adminUserEnabled: true })], policy }), SUB);
  expect(finding?.severity).toBe('info');
});

// Peers' defect 7: one row an application, so the second secret hid the first.
test('peer defect 7: two passwords of one token are two findings', () => {
  const passwords = [password(undefined, 'password1'), password(undefined, 'password2')];
  const facts = input({
    registries: [registry()],
    tokens: [token({ passwords })],
    policy: only('token-password-never-expires'),
  });
  const findings = judge(facts, SUB);
  expect(findings.map(({ subject }) => subject)).toEqual(['ci/password1', 'ci/password2']);
  expect(new Set(findings.map((one) => one.findingId)).size).toBe(2);
});

describe('a finding on what was read before its sweep says when', () => {
  const usages = [{ registryId: SHOP, name: 'Tokens', limit: 10, currentValue: 8, unit: 'Count' as const }];
  const ages = {
    [`usages|${SHOP.toLowerCase()}`]: '2026-11-24T01:30:00.000Z',
    [`scopemaps|${SHOP.toLowerCase()}`]: '2026-11-24T01:00:00.000Z',
  };
  const ends = { passwords: [password()] };
  const cases: [string, Partial<Facts>, string][] = [
    ['of usages', { usages }, '01:30'],
    ['of the rights of a token', { tokens: [token({ ...ends, scopeMapId: scopeMap('till').id })] }, '01:00'],
    [
      'but not where they are of a map that nobody changes',
      { tokens: [token({ ...ends, scopeMapId: scopeMap('_repositories_push').id })] },
      '',
    ],
    ['nor of a token without any', { tokens: [token(ends)] }, ''],
  ];
  test.each(cases)('%s', (_what, facts, time) => {
    const policy = only('usage-near-limit', 'token-password-never-expires');
    const [reason = ''] = judge(input({ registries: [registry()], ...facts, ages, policy }), SUB).map(
      (one) => one.reason,
    );
    expect(reason.replace(/^.*?( \(As read at [^)]*\))?$/, '$1')).toBe(time && ` (As read at 2026-11-24 ${time} UTC.)`);
  });
});

test('a finding about a credential that a federated one makes needless says when that was read', () => {
  const ages = { [`federatedcredentials|/serviceprincipals/${CI}`]: '2026-11-24T01:30:00.000Z' };
  const reasons = [['github'], []].map((federated) => {
    const applications = [application([secret(undefined)], { federated })];
    const facts = holding([], { applications, servicePrincipals: [principal({ owners: [] })] });
    const policy = only('principal-secret-never-expires', 'principal-without-owner');
    const findings = judge(input({ ...facts, ages, policy }), 'tenant');
    return findings.map(({ checkId, reason }) => [checkId, /\(As read.*/.exec(reason)?.[0]]);
  });
  const told = (age?: string) => [
    ['principal-secret-never-expires', age],
    ['principal-without-owner', undefined],
  ];
  expect(reasons).toEqual([told('(As read at 2026-11-24 01:30 UTC.)'), told()]);
});

describe('a finding about a private endpoint says when the oldest was read of', () => {
  const SHOP_ID = registryId('shop');
  const endpoints = ['pe-a', 'pe-b'].map((name) => endpointId(name));
  const ZONE = `/subscriptions/${SUB}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io`;
  const reasonOf = (zoneIds: string[], ages: Record<string, string>): string => {
    const facts = input({
      registries: [registry()],
      privateEndpoints: endpoints.map((id) => ({ id, registryId: SHOP_ID, customDnsNames: [], zoneIds })),
      dnsZones: [{ id: ZONE, records: [] }],
      ages: Object.fromEntries(
        Object.entries(ages).map(([key, time]) => [key.toLowerCase(), `2026-11-24T${time}:00.000Z`]),
      ),
      policy: only('private-endpoint-dns-missing'),
    });
    return judge(facts, SUB)[0]?.reason.replace(/^.*?( \(As read at [^)]*\))?$/, '$1') ?? '';
  };
  const cases: [string, string[], Record<string, string>, string][] = [
    ['its endpoint', [], { [`privateEndpoints|${endpoints[0]}|${SHOP_ID}`]: '01:30' }, '01:30'],
    [
      'all that lack the same',
      [],
      {
        [`privateEndpoints|${endpoints[0]}|${SHOP_ID}`]: '01:30',
        [`privateEndpoints|${endpoints[1]}|${SHOP_ID}`]: '01:00',
      },
      '01:00',
    ],
    ['its zone', [ZONE], { [`privateDnsRecords|${ZONE}`]: '02:00' }, '02:00'],
    ["nothing that is another registry's", [], { [`privateEndpoints|${endpoints[0]}|${SHOP_ID}2`]: '01:30' }, ''],
  ];
  test.each(cases)('%s', (_what, zoneIds, ages, time) => {
    expect(reasonOf(zoneIds, ages)).toBe(time && ` (As read at 2026-11-24 ${time} UTC.)`);
  });
});

test('registries of one name in two subscriptions are two findings', () => {
  const registries = [SUB, OTHER_SUB].map((subscriptionId) => registry({ subscriptionId, adminUserEnabled: true }));
  const findings = judge(input({ registries, policy: only('admin-account-enabled') }), SUB);
  expect(new Set(findings.map((one) => one.findingId)).size).toBe(2);
});

describe('where a gap belongs', () => {
  const cases: [string, Parameters<typeof gap>[0], Record<string, string>][] = [
    ['a subscription', {}, { subscriptionId: SUB, subscriptionName: 'Prod', registryName: '' }],
    ['a registry', { source: 'tokens', scope: SHOP }, { subscriptionId: SUB, registryName: 'shop', sku: 'Premium' }],
    ['the directory', { source: 'applications', scope: '/' }, { subscriptionId: '', registryName: '' }],
  ];
  test.each(cases)('%s', (_what, change, expected) => {
    const facts = input({
      registries: [registry()],
      subscriptions: [subscription()],
      gaps: [gap(change)],
      policy: only('unreadable-scope'),
    });
    expect(judge(facts, SUB)).toEqual([expect.objectContaining({ checkId: 'unreadable-scope', ...expected })]);
  });

  test('two failed reads of one source in one place are one finding', () => {
    const gaps = [gap({ code: 'UnusableAnswer' }), gap({ code: 'Throttled' })];
    expect(judge(input({ gaps, policy: only('unreadable-scope') }), SUB).length).toBe(1);
  });

  test('what another shard tells too is told there', () => {
    const gaps = [gap({ toldElsewhere: true })];
    expect(judge(input({ gaps, policy: only('unreadable-scope') }), 'tenant')).toEqual([]);
  });
});
