import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSimulator, type Loopback, listen, loadEstate, SIMULATED_DCR } from '../../simulator/index.ts';
import { run } from './run.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-preflight-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('all in order: exit 0 even when strict, one JSON document, and nothing left of the probe', async () => {
  const state = join(folder, 'state');
  const args = ['preflight', '--simulator', 'quiet', '--state', state, '--format', 'json', '--strict'];
  const { code: exit, stdout, stderr } = await run(args);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const { counts, examined } = JSON.parse(stdout);
  expect({ wrong: counts.wrong, unknown: counts.unknown }).toEqual({ wrong: 0, unknown: 0 });
  expect(examined.find(({ area }: { area: string }) => area === 'policy')).toEqual({
    area: 'policy',
    scope: 'policy/warden.yaml',
    what: 'policy',
    verdict: 'ok',
    detail: 'none was uploaded: the default',
  });
  expect((await readdir(state, { recursive: true, withFileTypes: true })).filter((one) => one.isFile())).toEqual([]);
});

test('something missing: exit 3 when strict, each permission with the checks that it blinds and the command', async () => {
  const { code: exit, stdout } = await run(['preflight', '--simulator', 'forbidden-directory', '--strict']);
  expect(exit).toBe(3);
  expect(stdout).toMatch(/^ok {10}subscription Prod: \d+ of \d+ permissions granted$/m);
  expect(stdout).toMatch(/^WRONG {7}Microsoft Graph, Application\.Read\.All: 403, /m);
  expect(stdout).toMatch(/^ +blind without it: [a-z-]+, [a-z-]+, [a-z-]+, [a-z-]+ and \d+ more$/m);
  expect(stdout).toMatch(/^ +→ \.\/infra\/grant-graph\.sh [0-9a-f-]{36} # grants Application\.Read\.All$/m);
});

test('a bad policy is told with every mistake, and the rest is examined all the same; exit 0 when not strict', async () => {
  const file = join(folder, 'warden.yaml');
  await writeFile(file, 'profile: fulll\nsurprise: 1\n');
  const { stdout, code: exit } = await run(['preflight', '--simulator', 'quiet', '--policy', file]);
  expect(exit).toBe(0);
  expect(stdout).toContain(`WRONG       policy: ${file}:1:10: profile: must be auth or full (and 1 more)
            ${file}:2:1: surprise: unknown key 'surprise'
            → Mend ${file}, then: acr-warden policy check ${file}
`);
  expect(stdout).toMatch(/^ok {10}Microsoft Graph, /m);
});

describe('against a server, with the settings of a deployment', () => {
  let server: Loopback;
  beforeAll(async () => {
    server = await listen(createSimulator({ estate: loadEstate('quiet') }));
  });
  afterAll(() => server.close());

  async function examined(settings: Record<string, string>) {
    const {
      code: exit,
      stdout,
      stderr,
    } = await run(['preflight', '--format', 'json', '--strict'], {
      SIMULATOR_URL: server.url,
      IDENTITY_ENDPOINT: `${server.url}/msi/token`,
      IDENTITY_HEADER: 'simulated',
      ...settings,
    });
    expect(stderr).toBe('');
    const all: { area: string; scope: string; verdict: string }[] = JSON.parse(stdout).examined;
    const told = all.filter(({ area }) => ['settings', 'ingestion', 'workspace', 'clock'].includes(area));
    return { exit, told: told.map(({ area, scope, verdict }) => `${area} ${scope} ${verdict}`) };
  }

  test('none of them is none to test', async () => {
    expect(await examined({})).toEqual({
      exit: 0,
      told: [
        'settings DCR_ENDPOINT not-tested',
        'settings DCR_RULE_ID not-tested',
        'settings WORKSPACE_ID not-tested',
        'clock https://management.azure.com ok',
      ],
    });
  });

  test('half of them is wrong', async () => {
    const settings = { DCR_ENDPOINT: SIMULATED_DCR.endpoint, DCR_RULE_ID: '', ENVIRONMENT_NAME: 'dev' };
    expect(await examined(settings)).toEqual({
      exit: 3,
      told: ['settings DCR_RULE_ID wrong', 'settings WORKSPACE_ID wrong', 'clock https://management.azure.com ok'],
    });
  });
});

test('without a login: exit 1, one sentence', async () => {
  const { code: exit, stderr } = await run(['preflight']);
  expect({ exit, stderr }).toEqual({
    exit: 1,
    stderr:
      'acr-warden: not signed in to Azure: run "az login" first, or try "acr-warden preflight --simulator guide"\n',
  });
});
