import { describe, expect, test } from 'vitest';
import { unreadableScope } from '../../src/checks/unreadable-scope.ts';
import type { Gap } from '../../src/model/gap.ts';
import { gap, input, registryId, SUB } from '../build.ts';
import { told } from './told.ts';

const SHOP = registryId('shop');
const WHO = '0bde57a1-5a1e-4f0e-9d1c-000000000001';

test('nothing failed, nothing to tell', () => {
  expect(unreadableScope.run(input())).toEqual([]);
});

test('a refused read names what is missing and the command that grants it', () => {
  const permission = 'Microsoft.ContainerRegistry/registries/tokens/read';
  const gaps = [
    gap({
      source: 'tokens',
      scope: SHOP,
      permission,
      principalId: WHO,
      reason: 'cannot read the repository tokens of registry shop: 403',
    }),
  ];
  expect(unreadableScope.run(input({ gaps }))).toEqual([
    {
      resourceId: SHOP,
      subject: 'tokens',
      reason: 'Cannot read the repository tokens of registry shop: 403.',
      evidence: { source: 'tokens', code: 'AuthorizationFailed', permission },
      fix: `az role assignment create --assignee-object-id ${WHO} --role Reader --scope ${SHOP} # grants ${permission}`,
    },
  ]);
});

describe('the way out', () => {
  test.each<[string, Partial<Gap>, string]>([
    [
      'Graph',
      { source: 'applications', scope: '/', permission: 'graph:Application.Read.All', principalId: WHO },
      `./infra/grant-graph.sh ${WHO} # grants Application.Read.All in Microsoft Graph`,
    ],
    [
      'Key Vault',
      { source: 'vaultSecrets', scope: '/v', permission: 'vault:list', principalId: WHO },
      `az role assignment create --assignee-object-id ${WHO} --role "Key Vault Reader" --scope /v # lists secrets without their values`,
    ],
    [
      'a vault that is known by its address only',
      { source: 'vaultSecrets', scope: 'https://kv1.vault.azure.net', permission: 'vault:list', principalId: WHO },
      `az role assignment create --assignee-object-id ${WHO} --role "Key Vault Reader" --scope <resource id of https://kv1.vault.azure.net> # lists secrets without their values`,
    ],
    [
      'whoever was refused, where the answer does not say',
      { permission: 'Microsoft.ContainerRegistry/registries/read' },
      `az role assignment create --assignee-object-id <object id of the auditor's identity> --role Reader --scope /subscriptions/${SUB} # grants Microsoft.ContainerRegistry/registries/read`,
    ],
    [
      'everything: each subscription, and not the root of the tenant',
      { source: 'subscriptions', scope: '/', permission: 'Microsoft.Resources/subscriptions/read', principalId: WHO },
      `az role assignment create --assignee-object-id ${WHO} --role Reader --scope /subscriptions/<id of each subscription to audit> # grants Microsoft.Resources/subscriptions/read`,
    ],
    [
      'what no permission helps against',
      { code: 'Throttled' },
      `Wait for the next sweep; if it stays, read the container registries of /subscriptions/${SUB} by hand`,
    ],
  ])('%s', (_what, change, fix) => {
    expect(unreadableScope.run(input({ gaps: [gap(change)] }))[0]?.fix).toBe(fix);
  });
});

describe('one source in one place is one finding', () => {
  test.each<[string, Partial<Gap>[], string[]]>([
    ['two reads of it failed', [{}, { code: 'Throttled' }], [`${SUB} [registries] high`]],
    ['in another letter case', [{ scope: SHOP }, { scope: SHOP.toUpperCase() }], ['shop [registries] high']],
    ['two sources', [{}, { source: 'roleAssignments' }], [`${SUB} [registries] high`, `${SUB} [roleAssignments] high`]],
    ['two places', [{}, { scope: SHOP }], [`${SUB} [registries] high`, 'shop [registries] high']],
    ['the other shard tells it', [{ toldElsewhere: true }], []],
  ])('%s', (_what, gaps, expected) => {
    expect(told(unreadableScope, { gaps: gaps.map((change) => gap(change)) })).toEqual(expected);
  });
});

test('the text may change from sweep to sweep, the evidence does not', () => {
  const evidence = ['500: trace 1', '500: trace 2'].map(
    (reason) => unreadableScope.run(input({ gaps: [gap({ reason })] }))[0]?.evidence,
  );
  expect(evidence[0]).toEqual(evidence[1]);
});
