import { globSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bundle } from '../../build.ts';
import { packageEntries } from '../../infra/package.ts';
import { type ZipEntry, zipOf } from '../../infra/zip.ts';
import { createSimulator, listen, SIMULATED_DCR, SIMULATED_WORKSPACE } from '../../simulator/index.ts';
import { openStore } from '../../src/state/open.ts';
import { SUB as SUBSCRIPTION } from '../build.ts';
import { type Azurite, startAzurite } from '../state/azurite.ts';
import { wireRegistry, wireSubscription } from '../wire.ts';
import { startWorker } from './deployed.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Compressed; what a cold start has to fetch and unpack. */
const MOST_BYTES = 1_000_000;

let folder = '';
let names: string[] = [];
let entries: ZipEntry[] = [];
let azurite: Azurite;

/** Builds and packages in a folder of its own, and unpacks what would be deployed into another. */
beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), 'acr-warden-package-'));
  for (const file of ['package.json', 'host.json']) await cp(join(ROOT, file), join(root, file));
  names = await bundle(join(root, 'dist'));
  entries = await packageEntries(root);
  await rm(root, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-unpacked-'));
  for (const { path, content } of entries) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  azurite = await startAzurite();
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await azurite.stop();
});

test('the archive holds the functions, their chunks, the host’s settings and the manifest', () => {
  const shapes = entries.map(({ path }) => path.replace(/^dist\/chunks\/[\w.-]+\.js$/, 'dist/chunks/*.js'));
  expect(shapes.filter((path) => path.endsWith('.map'))).toEqual([]);
  expect([...new Set(shapes)].toSorted()).toEqual([
    'dist/chunks/*.js',
    ...names.map((name) => `dist/src/functions/${name}.js`),
    'host.json',
    'package.json',
  ]);
});

test.each([
  ['simulator/services/ingestion.ts', 'acr-warden-simulated'],
  ['simulator/simulator.ts', 'createSimulator'],
  ['src/cli/main.ts', 'showHelpAfterError'],
  ['test/state/azurite.ts', 'successfully listens'],
])('nothing of %s is inside', (path, word) => {
  expect(readFileSync(join(ROOT, path), 'utf8')).toContain(word);
  expect(entries.filter(({ content }) => Buffer.from(content).includes(word)).map((one) => one.path)).toEqual([]);
});

test('it is small enough for a quick cold start', () => {
  expect(zipOf(entries).length).toBeLessThan(MOST_BYTES);
});

test('what the manifest names as main is each function, and nothing else', () => {
  const { main, type } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(type).toBe('module');
  expect(globSync(main, { cwd: folder }).toSorted()).toEqual(names.map((name) => `dist/src/functions/${name}.js`));
});

/** The settings that dev is deployed with; what only Azure knows comes from here. */
function settingsOfDev(known: Record<string, string>): Record<string, string> {
  const snapshot: { predictedResources: { type: string; properties: Record<string, string> }[] } = parse(
    readFileSync(join(ROOT, 'infra', 'env', 'dev.snapshot.txt'), 'utf8'),
  );
  const settings = snapshot.predictedResources.find(({ type }) => type === 'Microsoft.Web/sites/config')?.properties;
  expect(Object.keys(known).filter((name) => !(name in (settings ?? {})))).toEqual([]);
  return { ...settings, ...known };
}

const TIMER = { json: '{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}' };
const POLICY = 'checks: { admin-account-enabled: critical }\n';

test('with the settings of the template it plans, sweeps and closes; a bad policy leaves the last good one in force', async () => {
  const state = await azurite.container('package');
  const settings = settingsOfDev({
    AZURE_CLOUD: 'AzureCloud',
    AZURE_CLIENT_ID: '33333333-3333-3333-3333-333333333333',
    DCR_ENDPOINT: SIMULATED_DCR.endpoint,
    DCR_RULE_ID: SIMULATED_DCR.ruleId,
    STATE_CONTAINER_URL: state,
    WORKSPACE_ID: SIMULATED_WORKSPACE.id,
  });
  const tenantId = settings.AZURE_TENANT_ID ?? '';
  const simulator = createSimulator({
    estate: {
      tenantId,
      subscriptions: [wireSubscription({ tenantId })],
      resources: [wireRegistry('shop', { adminUserEnabled: true })],
    },
  });
  // As an earlier sweep and then an operator left it.
  const store = openStore(state, simulator.credential);
  await store.write('policy/last-good.yaml', POLICY);
  await store.write('policy/warden.yaml', 'checks: { admin-acount-enabled: critical }\n');

  const server = await listen(simulator);
  const worker = await startWorker(join(folder, 'dist'), {
    ...settings,
    SIMULATOR_URL: server.url,
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    IDENTITY_ENDPOINT: `${server.url}/msi/token`,
    IDENTITY_HEADER: 'simulated',
  });
  try {
    const planned = await worker.invoke('planSweep', TIMER);
    expect(planned.error).toBeUndefined();
    const messages: unknown[] = (planned.outputs ?? []).flatMap(({ data }) => JSON.parse(String(data.json)));
    for (const message of messages) {
      expect((await worker.invoke('sweepShard', { json: JSON.stringify(message) })).error).toBeUndefined();
    }
    expect((await worker.invoke('closeSweep', TIMER)).error).toBeUndefined();
  } finally {
    await worker.stop();
    await server.close();
  }

  const { AcrWardenSweeps_CL: sweeps = [], AcrWardenFindings_CL: findings = [] } = simulator.workspace.tables;
  expect(sweeps.map(({ RowKind, Shard, Outcome, Environment }) => [RowKind, Shard, Outcome, Environment])).toEqual([
    ['shard', 'tenant', 'complete', 'dev'],
    ['shard', SUBSCRIPTION, 'complete', 'dev'],
    ['closed', '', 'complete', 'dev'],
  ]);
  const told = findings.filter(({ CheckId }) => ['policy-invalid', 'admin-account-enabled'].includes(String(CheckId)));
  expect(told.map(({ CheckId, Severity, ResourceId, Evidence }) => [CheckId, Severity, ResourceId, Evidence])).toEqual([
    [
      'policy-invalid',
      'high',
      '/policy',
      {
        problems: [
          "policy/warden.yaml:1:11: checks.admin-acount-enabled: there is no check 'admin-acount-enabled'; acr-warden checks lists them",
        ],
        inForce: 'last-good',
      },
    ],
    ['admin-account-enabled', 'critical', expect.stringMatching(/\/registries\/shop$/), { adminUserEnabled: true }],
  ]);
  expect(simulator.defects).toEqual([]);
});
