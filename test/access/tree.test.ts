import { describe, expect, test } from 'vitest';
import { credentialsOf } from '../../src/access/credentials.ts';
import { accessTo, type ShownPrincipal } from '../../src/access/tree.ts';
import type { Cluster, Facts } from '../../src/model/estate.ts';
import { input, OTHER_SUB, password, registry, registryId, SUB, token } from '../build.ts';
import {
  application,
  assignment,
  CI,
  CONTRIBUTOR,
  GROUP,
  group,
  holding,
  inDays,
  PULL,
  principal,
  role,
  scopeMap,
  secret,
} from './builders.ts';

const SHOP = registry();
const PUSHES = scopeMap('push', 'repositories/*/content/read', 'repositories/*/content/write');
const NOBODY = 'without a password: nobody can sign in with it yet';

function shownAt(change: Partial<Facts>): { principals: ShownPrincipal[]; tokens: ShownPrincipal[] } {
  const facts = input({ registries: [SHOP], ...change });
  return accessTo(SHOP, facts, facts.credentials);
}

test.each([
  ['its map', {}, [PUSHES], ['pull', 'push'], undefined],
  ['its map, without a password', { passwords: [] }, [PUSHES], ['pull', 'push'], NOBODY],
  ['a map that could not be read, or is not there', {}, [], null, undefined],
  ['such a map, without a password', { passwords: [] }, [], null, NOBODY],
  ['its map, though it is disabled', { enabled: false }, [PUSHES], ['pull', 'push'], 'disabled: it cannot sign in'],
])('a token may do what its scope map says: %s', (_, change, scopeMaps, grants, note) => {
  const one = token({ scopeMapId: PUSHES.id, passwords: [password(inDays(90))], ...change });
  expect(shownAt({ tokens: [one], scopeMaps }).tokens).toMatchObject([
    { grants, ways: [{ role: 'scope map push', grants }], ...(note && { note }) },
  ]);
});

test('a token that is bound to no scope map may do nothing', () => {
  const { scopeMapId: _, ...unbound } = token();
  expect(shownAt({ tokens: [unbound], scopeMaps: [PUSHES] }).tokens).toMatchObject([{ grants: [], ways: [] }]);
});

const MANAGED = principal({ servicePrincipalType: 'ManagedIdentity' });
const KEPT = 'Azure keeps and renews its credentials';
const FOREIGN = "its application's credentials are kept in tenant other-tenant and not visible from here";
const OF_KUBELET: Partial<Cluster> = { kubeletId: CI.toUpperCase() };
const OF_PRINCIPAL: Partial<Cluster> = { clientId: 'APP-1' };

test.each<[string, Facts['servicePrincipals'], Partial<Cluster>, string | undefined]>([
  ['a kubelet’s managed identity', [MANAGED], OF_KUBELET, `${KEPT}; the nodes of AKS cluster aks pull with it`],
  ['another managed identity', [MANAGED], { kubeletId: 'another' }, KEPT],
  ['a cluster’s service principal', [principal()], OF_PRINCIPAL, 'the nodes of AKS cluster aks pull with it'],
  ['one that is not what pulls', [principal()], { ...OF_PRINCIPAL, kubeletId: 'another' }, undefined],
  ['another tenant’s', [principal({ appOwnerTenantId: 'other-tenant' })], { clientId: 'app-2' }, FOREIGN],
  ['one that cannot sign in', [principal({ enabled: false })], OF_PRINCIPAL, 'disabled: it cannot sign in'],
  ['unknown', [], OF_KUBELET, 'who it is could not be read; the nodes of AKS cluster aks pull with it'],
])('who signs in by other means, and for which nodes: %s', (_, servicePrincipals, change, note) => {
  const cluster: Cluster = { id: '/aks', name: 'aks', subscriptionId: SUB, ...change };
  const facts = holding([secret(inDays(90))], { servicePrincipals, clusters: [cluster] });
  expect(shownAt(facts).principals.map((one) => one.note)).toEqual([note]);
});

test.each([
  ['beside a secret', [secret(inDays(90))]],
  ['alone', []],
])('a federated credential is named: %s', (_, secrets) => {
  const facts = holding([], { applications: [application(secrets, { federated: ['github'] })] });
  expect(shownAt(facts).principals).toMatchObject([{ note: 'signs in with federated credential github' }]);
});

describe('a role that could not be read', () => {
  const UNREAD = assignment(role('guid-1', '*'));
  const OF_GROUP = { principalId: GROUP, principalType: 'Group' };
  const WAY = { role: 'role guid-1', scope: 'registry shop', grants: null };
  const PULLS = { role: 'AcrPull', scope: 'registry shop', grants: ['pull'] };
  const ALL = ['pull', 'push', 'delete', 'admin'];
  test.each([
    ['alone', [UNREAD], [], [[null, [WAY]]]],
    ['beside one that gives less than all', [assignment(PULL), UNREAD], [], [[null, [PULLS, WAY]]]],
    [
      'beside one that gives all',
      [assignment(CONTRIBUTOR), UNREAD],
      [],
      [[ALL, [{ role: 'Contributor', scope: 'registry shop', grants: ALL }, WAY]]],
    ],
    [
      'of a group',
      [{ ...UNREAD, ...OF_GROUP }],
      [group([CI])],
      [
        [null, [WAY]],
        [null, [{ ...WAY, group: 'sg-robots' }]],
      ],
    ],
    ['at another registry', [assignment(role('guid-1', '*'), { scope: registryId('pay') })], [], []],
  ])('gives nobody knows what: %s', (_, roleAssignments, groups, expected) => {
    const { principals } = shownAt(holding([], { roleAssignments, groups }));
    expect(principals.map(({ grants, ways }) => [grants, ways])).toEqual(expected);
  });

  test('hides no credential of one who opens another registry', () => {
    const roleAssignments = [assignment(PULL, { scope: registryId('pay') }), UNREAD];
    const pay = registry({ id: registryId('pay'), name: 'pay' });
    const facts = input(holding([secret(inDays(90))], { registries: [SHOP, pay], roleAssignments }));
    const [principal] = accessTo(SHOP, facts, credentialsOf(facts, facts.now, facts.policy)).principals;
    expect([principal?.credentials.length, principal?.note]).toEqual([1, undefined]);
  });

  test('is named once, however many subscriptions it hides', () => {
    const gap = { source: 'roleDefinitions' as const, code: 'AuthorizationFailed', reason: 'cannot read guid-1' };
    const facts = input(
      holding([], { gaps: [SUB, OTHER_SUB].map((id) => ({ ...gap, scope: `/subscriptions/${id}` })) }),
    );
    expect(accessTo(SHOP, facts, []).gaps).toEqual(['cannot read guid-1']);
  });
});
