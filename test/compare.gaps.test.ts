import { describe, expect, test } from 'vitest';
import { type Comparison, compare } from '../src/compare.ts';
import type { Gap } from '../src/model/gap.ts';
import type { Source } from '../src/model/source.ts';
import { VAULT } from './access/builders.ts';
import { compared, gap, NOW, registryId } from './build.ts';
import { endpointId } from './checks/told.ts';

const ZONE = '/subscriptions/dns/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io';
const UNREAD_ZONE = gap({ source: 'privateDnsRecords', scope: ZONE, blinds: [registryId('shop')] });

function after(gaps: Gap[], needs: Source[], change: Parameters<typeof compared>[0]): string[] {
  const comparison: Comparison = {
    previous: [compared(change)],
    current: [],
    gaps,
    deleted: [],
    sweptAt: NOW,
    needsOf: () => needs,
    inScope: () => true,
  };
  return compare(comparison).map(({ status, statusReason }) => `${status} ${statusReason}`.trim());
}

describe('a gap somewhere else', () => {
  test.each<[string, Gap[], Partial<Parameters<typeof compared>[0]>, string]>([
    ['blinds the registries behind it', [UNREAD_ZONE], {}, 'unverified'],
    ['and no others', [UNREAD_ZONE], { resourceId: registryId('web') }, 'resolved fixed'],
    ['only for what needs it', [{ ...UNREAD_ZONE, source: 'usages' }], {}, 'resolved fixed'],
    ['none: it is fixed', [], {}, 'resolved fixed'],
  ])('%s', (_, gaps, change, expected) => {
    expect(
      after(gaps, ['registries', 'privateDnsRecords'], { checkId: 'private-endpoint-dns-missing', ...change }),
    ).toEqual([expected]);
  });
});

describe('what is said of endpoints', () => {
  const OURS = endpointId('pe');
  const TWIN = endpointId('pe-twin');
  const THEIRS = endpointId('pe-partner');
  const unread = (source: Source, scope: string, ...endpoints: string[]) =>
    gap({ source, scope, blinds: [registryId('shop'), ...endpoints] });

  test.each<[string, Gap[], string]>([
    ['is over though another cannot be read', [unread('privateEndpoints', THEIRS)], 'resolved fixed'],
    ['nor its zone', [unread('privateDnsRecords', ZONE, THEIRS)], 'resolved fixed'],
    ['is not while its own cannot be read', [unread('privateEndpoints', OURS)], 'unverified'],
    ['nor its zone groups', [unread('privateDnsZoneGroups', OURS.toUpperCase())], 'unverified'],
    ['nor its zone', [unread('privateDnsRecords', ZONE, OURS)], 'unverified'],
    ['nor another of which it says the same', [unread('privateEndpoints', TWIN)], 'unverified'],
    ['nor the registry', [gap({ scope: registryId('shop') })], 'unverified'],
  ])('%s', (_, gaps, expected) => {
    const needs = ['registries', 'privateEndpoints', 'privateDnsZoneGroups', 'privateDnsRecords'] as const;
    const evidence = { endpointId: OURS, zone: ZONE, record: 'shop', others: [TWIN] };
    expect(after(gaps, [...needs], { checkId: 'private-endpoint-dns-missing', evidence })).toEqual([expected]);
  });
});

describe('what is said of a role below a scope', () => {
  const GROUP = registryId('shop').replace(/\/providers.*/, '');
  const place = {
    checkId: 'registry-role-too-broad',
    resourceId: `${GROUP}/providers/Microsoft.Authorization/roleAssignments/a`,
    evidence: { scope: GROUP },
  };
  test.each<[string, Gap[], string]>([
    ['is not over when a registry there cannot be read', [gap({ scope: registryId('shop') })], 'unverified'],
    ['is when it is one elsewhere', [gap({ scope: registryId('web').replace('/rg/', '/rg-b/') })], 'resolved fixed'],
  ])('%s', (_, gaps, expected) => {
    expect(after(gaps, ['registries', 'roleAssignments'], place)).toEqual([expected]);
  });
});

describe('that somebody has a right nowhere else', () => {
  const place = {
    checkId: 'cluster-cannot-pull',
    resourceId: '/subscriptions/s1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks',
    evidence: { registries: [registryId('lake')], why: 'ignored' },
  };
  const FAR = '/subscriptions/other';
  test.each<[string, Gap[], object, string]>([
    ['is not over when registries cannot be read anywhere', [gap({ scope: FAR })], {}, 'unverified'],
    ['nor when roles cannot', [gap({ source: 'roleAssignments', scope: FAR })], {}, 'unverified'],
    ['is when it is clusters', [gap({ source: 'clusters', scope: FAR })], {}, 'resolved fixed'],
    ['nor when it is both', [gap({ source: 'clusters', scope: FAR }), gap({ scope: FAR })], {}, 'unverified'],
    ['a right at one place is', [gap({ scope: FAR })], { why: 'no right' }, 'resolved fixed'],
    ['not of an identity that was deleted', [gap({ scope: FAR })], { why: 'deleted' }, 'unverified'],
    ['nor of one that is disabled', [gap({ scope: FAR })], { why: 'disabled' }, 'unverified'],
    [
      'nor where its identity cannot be read',
      [gap({ source: 'servicePrincipals', scope: '/servicePrincipals/P' })],
      { why: 'disabled', identity: 'p' },
      'unverified',
    ],
  ])('%s', (_, gaps, change, expected) => {
    const needs: Source[] = ['registries', 'roleAssignments', 'clusters', 'servicePrincipals'];
    expect(after(gaps, needs, { ...place, evidence: { ...place.evidence, ...change } })).toEqual([expected]);
  });
});

test('a copy of a credential is not good again where its application cannot be read', () => {
  const place = { resourceId: VAULT, subject: 'acr-ci', evidence: { identity: 'p', registries: [registryId('shop')] } };
  const gaps = [gap({ source: 'applications', scope: '/servicePrincipals/P' })];
  expect(after(gaps, ['vaultSecrets', 'applications'], place)).toEqual(['unverified']);
});

test('what cannot be read says why as it is now, though it cannot be read', () => {
  const unreadable = (code: string) => ({
    checkId: 'unreadable-scope',
    resourceId: registryId('shop'),
    subject: 'tokens',
    evidence: { source: 'tokens', code },
    reason: code,
  });
  const old = compared(unreadable('Throttled'));
  const found = compare({
    previous: [old],
    current: [{ ...old, ...unreadable('AuthorizationFailed') }],
    gaps: [gap({ source: 'tokens', scope: registryId('shop') })],
    deleted: [],
    sweptAt: NOW,
    needsOf: () => [],
    inScope: () => true,
  });
  expect(found).toMatchObject([{ status: 'changed', reason: 'AuthorizationFailed' }]);
});

describe('that something was not reached', () => {
  const subject = 'tokens, part 2 of 4';
  const place = { checkId: 'unreadable-scope', resourceId: '/subscriptions/s1', subject };
  test.each<[string, Gap[], string]>([
    ['stays open while not even the registries are listed', [gap({ scope: '/subscriptions/s1' })], 'unverified'],
    ['is over when all was', [], 'resolved fixed'],
  ])('%s', (_, gaps, expected) => {
    expect(after(gaps, [], place)).toEqual([expected]);
  });
});

test('that changes cannot be read stays open while no registry is listed, since nobody asks for them', () => {
  const place = { checkId: 'unreadable-scope', resourceId: '/subscriptions/s1', subject: 'changes' };
  expect(after([gap({ scope: '/subscriptions/s1' })], [], place)).toEqual(['unverified']);
});

describe('what is said of the policy needs every registry list', () => {
  const orphan = { checkId: 'exception-orphaned', resourceId: '/policy', subject: 'admin-account-enabled/web' };
  test.each<[string, Gap[], string]>([
    ['one list broke', [gap({ scope: '/subscriptions/other' })], 'unverified'],
    ['something else broke', [gap({ source: 'tokens', scope: registryId('shop') })], 'resolved fixed'],
    [
      'both',
      [gap({ source: 'tokens', scope: registryId('shop') }), gap({ scope: '/subscriptions/other' })],
      'unverified',
    ],
    ['nothing broke', [], 'resolved fixed'],
  ])('%s', (_, gaps, expected) => {
    expect(after(gaps, ['registries'], orphan)).toEqual([expected]);
  });
});
