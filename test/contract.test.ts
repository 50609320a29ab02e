import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagedIdentityCredential } from '@azure/identity';
import { describe, expect, test, vi } from 'vitest';
import { createSimulator, listen } from '../simulator/index.ts';
import { CHECKS } from '../src/checks/index.ts';
import { READ_FOR_MS, SEND_FOR_MS } from '../src/deadline.ts';
import { readSettings } from '../src/settings.ts';
import { told } from './checks/told.ts';
import { FAULTS } from './faults.ts';
import { declaredResources, object } from './infra/template.ts';
import { inOrder } from './inOrder.ts';
import { estateOf } from './wire.ts';

const ROOT = join(import.meta.dirname, '..');
const IDS = CHECKS.map(({ id }) => id);

/** Names of the files in a folder that end so, without the ending. */
function namesIn(folder: string, ending: string): string[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(ending));
  return names.map((name) => name.slice(0, -ending.length)).sort();
}

describe('a check is one file, one test and one page of the same name', () => {
  test('the list has each once, in order', () => {
    expect(IDS).toEqual([...new Set(IDS)].sort());
  });
  test.each([
    ['src/checks', '.ts', ['index']],
    ['test/checks', '.test.ts', []],
    ['docs/checks', '.md', ['README']],
  ])('%s', (folder, ending, besides) => {
    expect(namesIn(folder, ending)).toEqual([...IDS, ...besides].sort());
  });
  test('a name is words, and so is the title', () => {
    expect(CHECKS.filter(({ id }) => !/^[a-z]+(-[a-z]+)+$/.test(id)).map(({ id }) => id)).toEqual([]);
    expect(CHECKS.filter(({ title }) => !/^[A-Z].*[^.]$/.test(title)).map(({ id }) => id)).toEqual([]);
  });
});

describe('a check is silent in each tier where all is in order, and speaks when something is wrong', () => {
  /** Below Premium a registry is open to every network, which is said of one that is in order too. */
  const OPEN = 'public-network-access-enabled';
  test('each has something that is wrong', () => {
    expect(Object.keys(FAULTS)).toEqual(IDS);
  });
  test.each(CHECKS)('$id', (check) => {
    const below = check.id === OPEN ? ['shop medium'] : [];
    const tiers = (['Basic', 'Standard', 'Premium'] as const).map((sku) => told(check, inOrder(sku)));
    expect(tiers).toEqual([below, below, []]);
    expect(told(check, { ...inOrder('Premium'), ...FAULTS[check.id] })).not.toEqual([]);
  });
});

describe('the page of a check', () => {
  const HEADINGS = ['What', 'Why', 'How it is decided', 'Fix', 'When to ignore'];
  test.each(IDS)('%s', (id) => {
    const page = readFileSync(join(ROOT, `docs/checks/${id}.md`), 'utf8');
    // A comment in a command is no heading.
    const [title, ...sections] = page
      .replace(/^ *```.*?^ *```$/gms, 'a command or several')
      .split(/^##? /m)
      .slice(1);
    expect(title?.trim()).toBe(id);
    expect(sections.map((section) => section.split('\n')[0])).toEqual(HEADINGS);
    const empty = sections.filter((section) => section.split('\n').slice(1).join('').trim().length < 20);
    expect(empty).toEqual([]);
  });
});

describe('the settings', () => {
  const sample: Record<string, string> = JSON.parse(
    readFileSync(join(ROOT, 'local.settings.sample.json'), 'utf8'),
  ).Values;
  /** only on a developer's machine, or only what the host itself reads */
  const LOCAL = [
    'SIMULATOR_URL',
    'IDENTITY_ENDPOINT',
    'IDENTITY_HEADER',
    'FUNCTIONS_WORKER_RUNTIME',
    'AzureWebJobsStorage',
    'AZURE_TOKEN_CREDENTIALS',
  ];
  /** what the host and the SDK read, not the app */
  const HOST = /^(AzureWebJobsStorage__|APPLICATIONINSIGHTS_|AZURE_TOKEN_CREDENTIALS$)/;
  const own = Object.keys(sample)
    .filter((name) => !LOCAL.includes(name))
    .sort();

  test('of the sample are those that the app reads', () => {
    const read = new Set<string>();
    const env = new Proxy(values(), {
      get(target, name) {
        if (typeof name === 'string') read.add(name);
        return Reflect.get(target, name);
      },
    });
    readSettings(env);
    read.delete('SIMULATOR_URL');
    read.delete('AZURE_FUNCTIONS_ENVIRONMENT');
    expect([...read].sort()).toEqual(own);
  });

  test('of the sample let the app sign in to the simulator that they name', async () => {
    const server = await listen(createSimulator({ estate: estateOf() }));
    for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER']) {
      vi.stubEnv(name, sample[name]?.replace(sample.SIMULATOR_URL ?? '', server.url));
    }
    const credential = new ManagedIdentityCredential({ clientId: values().AZURE_CLIENT_ID ?? '' });
    await expect(credential.getToken('https://management.azure.com/.default')).resolves.toHaveProperty('token');
    vi.unstubAllEnvs();
    await server.close();
  });

  test('and those that the template sets', () => {
    const app = declaredResources().find(({ symbol }) => symbol === 'app')?.resource;
    const parameters = object(object(app?.properties, 'app').parameters, 'parameters');
    const set = Object.keys(object(object(parameters.settings, 'settings').value, 'settings.value'));
    expect(set.filter((name) => !HOST.test(name)).sort()).toEqual(own);
  });

  /** The sample, filled in as its placeholders ask. */
  function values(): Record<string, string> {
    const filled: Record<string, string> = {
      AZURE_TENANT_ID: '11111111-0000-0000-0000-000000000000',
      AZURE_CLIENT_ID: '22222222-0000-0000-0000-000000000000',
      WORKSPACE_ID: '33333333-0000-0000-0000-000000000000',
      DCR_ENDPOINT: 'https://x.westeurope-1.ingest.monitor.azure.com',
      DCR_RULE_ID: 'dcr-1',
      ALERT_RULES_SCOPE: '/subscriptions/44444444-0000-0000-0000-000000000000/resourceGroups/rg',
      AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    };
    const asked = Object.entries(sample).filter(([, value]) => value.startsWith('<'));
    expect(asked.filter(([name]) => !(name in filled))).toEqual([]);
    return { ...sample, ...filled };
  }
});

test('a shard stops reading, and then sending, well before the host kills its function', () => {
  const { functionTimeout }: { functionTimeout: string } = JSON.parse(readFileSync(join(ROOT, 'host.json'), 'utf8'));
  const killedMs = Date.parse(`1970-01-01T${functionTimeout}Z`);
  expect(killedMs - READ_FOR_MS).toBeGreaterThanOrEqual(10 * 60 * 1000);
  expect(killedMs - SEND_FOR_MS).toBeGreaterThanOrEqual(5 * 60 * 1000);
});
