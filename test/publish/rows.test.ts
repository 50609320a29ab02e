import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readTables } from '../../infra/streams.ts';
import { closeSweeps } from '../../src/close.ts';
import type { PostureChange } from '../../src/model/change.ts';
import {
  changeRow,
  credentialRow,
  findingRow,
  openByRegistry,
  type Row,
  type RowStamp,
  registryRow,
  shardRow,
} from '../../src/publish/rows.ts';
import { storePlan, storeReport } from '../../src/state/plans.ts';
import {
  compared,
  fromNow,
  gap,
  input,
  NOW,
  password,
  plan,
  registry,
  registryId,
  report,
  SUB,
  TENANT,
  token,
} from '../build.ts';
import { contextOf, estateOf, simulated } from '../wire.ts';

const STAMP: RowStamp = { sweepId: '20261124T060000Z', sweptAt: NOW, environment: 'test', tenantId: TENANT };
const STAMPED = { TimeGenerated: NOW, SweptAt: NOW, SweepId: '20261124T060000Z', Environment: 'test' };
const SHOP = registryId('shop');

const CHANGE: PostureChange = {
  changeId: 'c1',
  registryId: SHOP,
  property: 'ipRules',
  before: [],
  after: ['203.0.113.0/24'],
  changedBy: 'ana@contoso.com',
  changedByType: 'User',
  client: 'Azure Portal',
  operation: 'Microsoft.ContainerRegistry/registries/write',
  correlationId: 'x',
  changedAt: NOW,
  source: 'resource-graph',
};

function aCredential() {
  const [credential] = input({
    registries: [registry()],
    tokens: [token({ passwords: [password(fromNow(60))] })],
  }).credentials;
  if (!credential) throw new Error('the token has no credential');
  return credential;
}

async function closingRow(): Promise<Row> {
  const context = contextOf(simulated(estateOf()));
  await storePlan(context.store, plan());
  await storeReport(context.store, report());
  const { closed } = await closeSweeps(context, '20261124T060000Z');
  return closed[0]?.row ?? {};
}

describe('a row has the columns of its table, in their order', async () => {
  const tables = new Map(
    (await readTables(join(import.meta.dirname, '../../infra/tables'))).map((one) => [one.name, one]),
  );
  const rows: [string, () => Row | Promise<Row>][] = [
    ['AcrWardenFindings_CL', () => findingRow(compared(), STAMP)],
    ['AcrWardenCredentials_CL', () => credentialRow(aCredential(), STAMP)],
    ['AcrWardenRegistries_CL', () => registryRow(registry(), [], 'Prod', STAMP)],
    ['AcrWardenChanges_CL', () => changeRow(CHANGE, STAMP)],
    ['AcrWardenSweeps_CL', () => shardRow(report(), STAMP)],
    ['AcrWardenSweeps_CL', closingRow],
  ];
  test.each(rows)('%s', async (table, row) => {
    const columns = tables.get(table)?.columns.map(({ name }) => name);
    expect(Object.keys(await row())).toEqual(columns);
  });
});

test('a finding', () => {
  const one = compared({ owners: ['ana@contoso.com', 'omar@contoso.com'], expiresOn: fromNow(60), status: 'changed' });
  expect(findingRow(one, STAMP)).toMatchObject({
    ...STAMPED,
    FindingId: '0123456789abcdef',
    CheckId: 'admin-account-enabled',
    Severity: 'high',
    SeverityRank: 3,
    Status: 'changed',
    StatusReason: '',
    Muted: false,
    AadTenantId: TENANT,
    RegistryName: 'shop',
    ResourceId: SHOP,
    Owners: 'ana@contoso.com, omar@contoso.com',
    ExpiresOn: fromNow(60),
    FirstSeen: fromNow(-86_400),
    Evidence: { adminUserEnabled: true },
  });
});

test.each([
  ['critical', 4],
  ['high', 3],
  ['medium', 2],
  ['low', 1],
  ['info', 0],
] as const)('severity %s has rank %d', (severity, rank) => {
  expect(findingRow(compared({ severity }), STAMP)).toMatchObject({ Severity: severity, SeverityRank: rank });
});

test('what has no end has none', () => {
  expect(findingRow(compared(), STAMP).ExpiresOn).toBeNull();
});

test('a credential', () => {
  expect(credentialRow(aCredential(), STAMP)).toEqual({
    ...STAMPED,
    CredentialId: expect.stringMatching(/^[0-9a-f]{16}$/),
    Kind: 'token-password',
    HolderName: 'ci',
    HolderId: `${SHOP}/tokens/ci`,
    CredentialName: 'password1 of token ci',
    StartsOn: fromNow(-86_400),
    ExpiresOn: fromNow(60),
    State: 'usable',
    Grants: '',
    RegistryName: 'shop',
    RegistryCount: 1,
    Registries: [SHOP],
    SubscriptionId: SUB,
    Owners: expect.any(String),
  });
});

test('a registry counts its own open findings, and each that names it among several once', () => {
  const [shop, shop2] = [registryId('shop'), registryId('shop2')];
  const findings = [
    compared({ severity: 'medium' }),
    compared({ severity: 'critical', status: 'unverified' }),
    compared({ severity: 'critical', status: 'resolved' }),
    compared({ severity: 'critical', registryId: shop2 }),
    compared({ severity: 'high', registryId: '', evidence: { registries: [shop2, shop] } }),
    compared({ severity: 'high', evidence: { registries: [shop] } }),
  ];
  expect(registryRow(registry(), openByRegistry(findings)(registry()), 'Prod', STAMP)).toMatchObject({
    ...STAMPED,
    RegistryName: 'shop',
    SubscriptionName: 'Prod',
    OpenFindings: 4,
    WorstSeverity: 'critical',
    Exposure: 'private',
  });
  expect(registryRow(registry(), [], 'Prod', STAMP)).toMatchObject({ OpenFindings: 0, WorstSeverity: '' });
});

test('a shard that was swept', () => {
  expect(shardRow(report({ shard: SUB, gaps: [gap()], outcome: 'partial' }), STAMP)).toMatchObject({
    ...STAMPED,
    RowKind: 'shard',
    Shard: SUB,
    SubscriptionId: SUB,
    DurationMs: 30_000,
    Outcome: 'partial',
    Planned: null,
    Reported: null,
    GapCount: 1,
    Gaps: [gap()],
    Version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
  expect(shardRow(report(), STAMP)).toMatchObject({ Shard: 'tenant', SubscriptionId: '' });
});
