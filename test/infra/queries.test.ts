import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SIMULATED_DCR } from '../../simulator/index.ts';
import { type KqlDatabase, runKql, toJson } from '../../simulator/kql/index.ts';
import { expandDeployment } from '../../simulator/services/alerts/armTemplate.ts';
import { batches } from '../../src/publish/batches.ts';
import { ask, simulatorOf } from '../simulator/ask.ts';
import { closed, finding, shard } from './alerts/rows.ts';
import { time } from './alerts/story.ts';
import { infra, object } from './template.ts';

const NOW = '2 06:00';
const TEMPLATE: unknown = JSON.parse(readFileSync(join(infra, 'main.json'), 'utf8'));
const PARAMETERS = { environmentName: 'prod', location: 'westeurope' };
const DEPLOYMENT = { subscriptionId: '11111111-1111-1111-1111-111111111111', tenantId: 'tenant' };

const REGISTRIES = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries';
/** More than a column holds. */
const MANY = Array.from({ length: 1000 }, (_, number) => `many${number}`);

type Row = Record<string, unknown>;

const stamp = (sweptAt: string): Row => ({
  TimeGenerated: time(sweptAt),
  SweptAt: time(sweptAt),
  SweepId: sweptAt,
  Environment: 'prod',
});

function credential(id: string, sweptAt: string, change: Row = {}): Row {
  return {
    ...stamp(sweptAt),
    CredentialId: id,
    Kind: 'token-password',
    HolderName: id,
    CredentialName: 'password1',
    State: 'usable',
    Grants: 'pull',
    RegistryCount: 1,
    Registries: [`${REGISTRIES}/shop`],
    Owners: 'ana@contoso.com',
    ...change,
  };
}

/** What arrives of a row: long lists are cut. */
function asSent(row: Row): Row[] {
  return [...batches('', [row])].flatMap(({ rows }) => rows);
}

function registry(name: string, change: Row = {}): Row {
  const own = { RegistryId: `/r/${name}`, RegistryName: name, Sku: 'Premium', Exposure: 'private', OpenFindings: 0 };
  return { ...stamp('2 05:00'), ...own, AdminUserEnabled: false, AnonymousPullEnabled: false, ...change };
}

function change(sweptAt: string, its: Row = {}): Row {
  return {
    ...stamp(sweptAt),
    ChangeId: 'x',
    RegistryName: 'pay',
    Property: 'exposure',
    Before: '"private"',
    After: '"public"',
    Expected: '"private"',
    ChangedBy: 'ana@contoso.com',
    ChangedByType: 'User',
    ChangedAt: time('2 04:30'),
    Source: 'resourcechanges',
    ...its,
  };
}

/** One workspace with a little of everything, some of it of another environment. */
const ROWS: Record<string, Row[]> = {
  AcrWardenFindings_CL: [
    finding('a', '1 06:00', { Status: 'new', FirstSeen: time('1 06:00'), Owners: 'ana@contoso.com, bo@contoso.com' }),
    finding('a', '2 05:00', { FirstSeen: time('1 06:00'), Owners: 'ana@contoso.com, bo@contoso.com' }),
    finding('b', '2 05:00', { Status: 'new', Severity: 'high', SeverityRank: 3, FirstSeen: time('2 05:00') }),
    finding('c', '1 06:00', { Status: 'new', FirstSeen: time('1 06:00') }),
    finding('c', '2 00:00', { Status: 'resolved', StatusReason: 'fixed', FirstSeen: time('1 06:00') }),
    finding('m', '2 05:00', { Muted: true, FirstSeen: time('1 06:00') }),
    // Of a clock that is days ahead: the time of receipt stands in its TimeGenerated.
    finding('b', '4 05:00', { TimeGenerated: time('2 04:00'), Status: 'resolved', FirstSeen: time('2 05:00') }),
    // Another deployment looks at the same registry, and has muted it there.
    finding('b', '2 05:30', { Environment: 'dev', Muted: true, FirstSeen: time('2 05:00') }),
    finding('d', '2 05:00', { Environment: 'dev', FirstSeen: time('2 05:00') }),
  ],
  AcrWardenCredentials_CL: [
    credential('old', '1 06:00', { ExpiresOn: '2026-03-10T06:00:00Z' }),
    credential('old', '2 05:00', { ExpiresOn: '2026-03-13T06:00:00Z', StartsOn: '2024-03-03T06:00:00Z' }),
    credential('far', '2 05:00', { ExpiresOn: '2027-03-03T06:00:00Z', StartsOn: '2026-03-01T06:00:00Z' }),
    credential('dead', '2 05:00', {
      State: 'expired',
      ExpiresOn: '2026-03-01T06:00:00Z',
      StartsOn: '2020-01-01T00:00:00Z',
    }),
    credential('pay', '2 05:00', { Registries: ['/registries/pay'] }),
    ...asSent(
      credential('wide', '2 05:00', { Registries: ['hub', ...MANY, 'shop'].map((name) => `${REGISTRIES}/${name}`) }),
    ),
    // Another deployment sees the newer credential of the same holder, and not all that this one opens.
    credential('old', '2 05:30', { Environment: 'dev', State: 'superseded', Registries: ['/registries/pay'] }),
  ],
  AcrWardenRegistries_CL: [
    registry('shop', { OpenFindings: 2, AdminUserEnabled: true }),
    registry('pay', { OpenFindings: 1 }),
    registry('shop', { ...stamp('2 05:30'), Environment: 'dev', AdminUserEnabled: true }),
    registry('hub', { Exposure: 'public', Sku: 'Basic', AnonymousPullEnabled: true }),
  ],
  AcrWardenChanges_CL: [
    change('2 05:00'),
    change('2 05:30', { Environment: 'dev', Expected: '"public"' }),
    // Of a clock that is days ahead, too.
    change('4 05:00', { TimeGenerated: time('2 04:00'), ChangeId: 'y' }),
  ],
  AcrWardenSweeps_CL: [
    shard('s1', '1 06:00'),
    shard('s1', '2 05:00', { Outcome: 'failed', RegistriesSeen: 0 }),
    shard('s1', '2 05:00', { RegistriesRead: 9, GapCount: 1, Requests: 12, Throttled: 0, Version: '1' }),
    // Tries that failed: one before the sweep was through, one when its rows were sent.
    shard('s1', '2 05:00', { Outcome: 'failed', RegistriesSeen: 0, FinishedAt: time('2 05:20') }),
    closed('2 05:00'),
  ],
};

async function filled(): Promise<KqlDatabase> {
  const simulator = simulatorOf({ now: time(NOW) });
  for (const [table, rows] of Object.entries(ROWS)) {
    const url = `${SIMULATED_DCR.endpoint}/dataCollectionRules/${SIMULATED_DCR.ruleId}/streams/Custom-${table}?api-version=2023-01-01`;
    await ask(simulator, url, { method: 'POST', audience: 'https://monitor.azure.com/.default', body: rows });
  }
  expect(simulator.defects).toEqual([]);
  return { ...simulator.logs.databaseAt(simulator.now()), functions: savedFunctions() };
}

function savedFunctions(): NonNullable<KqlDatabase['functions']> {
  const saved = expandDeployment(TEMPLATE, 'savedFunctions', PARAMETERS, DEPLOYMENT);
  return Object.fromEntries(
    saved.map(({ properties }) => {
      const { functionAlias, functionParameters, query } = Object(properties);
      return [String(functionAlias), { parameters: `(${String(functionParameters)})`, body: String(query) }];
    }),
  );
}

const database = await filled();

function rowsOf(query: string): Row[] {
  const { columns, rows } = runKql(query, { database, now: new Date(time(NOW)) });
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name, type }, index) => [name, toJson(row[index] ?? null, type)])),
  );
}

/** Only the columns that matter to the test. */
function only(rows: Row[], ...names: string[]): unknown[][] {
  return rows.map((row) => names.map((name) => row[name]));
}

test.each<{ call: string; columns: string[]; expected: unknown[][] }>([
  {
    call: "AcrWardenOpenFindings('prod')",
    columns: ['FindingId', 'Severity', 'RegistryName'],
    expected: [
      ['a', 'critical', 'shop'],
      ['b', 'high', 'shop'],
    ],
  },
  {
    call: 'AcrWardenOpenFindings()',
    columns: ['FindingId'],
    expected: [['a'], ['d'], ['b']],
  },
  {
    call: 'AcrWardenExpiring()',
    columns: ['HolderName', 'DaysLeft', 'Environment'],
    expected: [['old', 10, 'prod']],
  },
  { call: 'AcrWardenExpiring(9)', columns: ['HolderName'], expected: [] },
  {
    call: 'AcrWardenExpiring(365)',
    columns: ['HolderName', 'DaysLeft'],
    expected: [
      ['old', 10],
      ['far', 365],
    ],
  },
  {
    call: "AcrWardenWhoOpens('SHOP')",
    columns: ['HolderName', 'State', 'Grants', 'Registry', 'Environment'],
    expected: [
      ['dead', 'expired', 'pull', `${REGISTRIES}/shop`, 'prod'],
      ['far', 'usable', 'pull', `${REGISTRIES}/shop`, 'prod'],
      ['old', 'usable', 'pull', `${REGISTRIES}/shop`, 'prod'],
      ['wide', 'usable', 'pull', expect.stringMatching(/^perhaps: … and \d+ more, cut$/), 'prod'],
    ],
  },
  {
    call: "AcrWardenWhoOpens('hub')",
    columns: ['HolderName', 'Registry'],
    expected: [['wide', `${REGISTRIES}/hub`]],
  },
  { call: 'AcrWardenWhoOpens()', columns: ['HolderName'], expected: [] },
  {
    call: 'AcrWardenRegistriesByExposure()',
    columns: ['Exposure', 'Sku', 'Registries', 'Names', 'Admin', 'Anonymous', 'OpenFindings'],
    expected: [
      ['private', 'Premium', 2, '["shop","pay"]', 1, 0, 3],
      ['public', 'Basic', 1, '["hub"]', 0, 1, 0],
    ],
  },
  {
    call: 'AcrWardenDrift()',
    columns: ['ChangedAt', 'RegistryName', 'Property', 'After', 'ChangedBy', 'Expected', 'Environment'],
    expected: [
      ['2026-03-03T04:30:00.0000000Z', 'pay', 'exposure', '"public"', 'ana@contoso.com', '"private"', 'prod'],
      ['2026-03-03T04:30:00.0000000Z', 'pay', 'exposure', '"public"', 'ana@contoso.com', '"public"', 'dev'],
    ],
  },
  { call: 'AcrWardenDrift(0)', columns: ['Property'], expected: [] },
  {
    call: 'AcrWardenCoverage()',
    columns: ['Environment', 'Shard', 'HoursAgo', 'RegistriesSeen', 'RegistriesRead', 'GapCount'],
    expected: [['prod', 's1', 1, 10, 9, 1]],
  },
  {
    call: 'AcrWardenTimeToFix()',
    columns: ['CheckId', 'Severity', 'Fixed', 'MeanHours', 'LongestHours'],
    expected: [['admin-account-enabled', 'critical', 1, 18, 18]],
  },
  {
    call: 'AcrWardenNeverRotated()',
    columns: ['HolderName', 'AgeDays', 'Environment'],
    expected: [['old', 730, 'prod']],
  },
  { call: 'AcrWardenNeverRotated(731)', columns: ['HolderName'], expected: [] },
  {
    call: "AcrWardenFindingsByOwner('prod')",
    columns: ['Owner', 'Findings', 'Critical', 'High'],
    expected: [
      ['ana@contoso.com', 1, 1, 0],
      ['bo@contoso.com', 1, 1, 0],
      ['nobody', 1, 0, 1],
    ],
  },
  {
    call: "AcrWardenNoiseByCheck(environment='prod')",
    columns: ['CheckId', 'Opened', 'Changed', 'Resolved', 'Findings', 'Muted', 'OpenedEach'],
    expected: [['admin-account-enabled', 3, 0, 1, 4, 1, 0.75]],
  },
])('$call', ({ call, columns, expected }) => {
  expect(only(rowsOf(call), ...columns)).toEqual(expected);
});

test('a query of the pack is the saved function with its defaults', () => {
  const pack = expandDeployment(TEMPLATE, 'queryPack', PARAMETERS, DEPLOYMENT).filter(({ type }) =>
    String(type).endsWith('/queries'),
  );
  const bodies = pack.map(({ properties }) => String(Object(properties).body));
  const functions = Object.keys(savedFunctions());
  expect(bodies.length).toBe(10);
  expect(bodies.map((body) => rowsOf(body))).toEqual(functions.map((name) => rowsOf(`${name}()`)));
});

test('every query has a title and a description, and no file is left out', () => {
  const pack = expandDeployment(TEMPLATE, 'queryPack', PARAMETERS, DEPLOYMENT).filter(({ type }) =>
    String(type).endsWith('/queries'),
  );
  const described = pack.map(({ properties }) => {
    const { displayName, description } = object(JSON.parse(JSON.stringify(properties)), 'properties');
    return /^acr-warden: \w/.test(String(displayName)) && String(description).endsWith('.');
  });
  expect(described).toEqual(readdirSync(join(infra, 'queries')).map(() => true));
});
