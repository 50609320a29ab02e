import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findBicep } from '../../infra/bicep.ts';
import { snapshotOf } from '../../infra/snapshot.ts';
import { infra, object, readJson } from './template.ts';

const run = promisify(execFile);
const bicep = await findBicep();
const missing = 'missing' in bicep ? bicep.missing : '';
const path = 'path' in bicep ? bicep.path : '';

test('every rule of the linter is an error, but the one that depends on the date', () => {
  const analyzers = object(object(object(readJson('bicepconfig.json'), 'config').analyzers, 'analyzers').core, 'core');
  const levels = Object.entries(object(analyzers.rules, 'rules')).map(([name, rule]) => [
    name,
    object(rule, name).level,
  ]);
  // What compiles today must compile in a year: the age of an API version is a reviewer's business.
  expect(levels.filter(([, level]) => level !== 'error')).toEqual([['use-recent-api-versions', 'off']]);
});

const good: Record<string, string> = {
  environmentName: "'test'",
  location: "'westeurope'",
  auditedSubscriptions: "['aaaaaaaa-0000-0000-0000-000000000001']",
  alertEmails: "['a@example.com']",
};

function parameters(changed: Record<string, string>): string {
  const lines = Object.entries({ ...good, ...changed }).map(([name, value]) => `param ${name} = ${value}`);
  return `using '../main.bicep'\n${lines.join('\n')}\n`;
}

const subnet =
  '/subscriptions/aaaaaaaa-0000-0000-0000-000000000001/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/functions';

type Nonsense = { what: string; changed: Record<string, string>; code: string; about: string };

const nonsense: Nonsense[] = [
  { what: 'an interval of 5 hours', changed: { sweepIntervalHours: '5' }, code: 'BCP327', about: '5' },
  { what: 'no receiver at all', changed: { alertEmails: '[]' }, code: 'BCP333', about: 'length is 1' },
  {
    what: 'a short subscription id',
    changed: { auditedSubscriptions: "['p']" },
    code: 'BCP333',
    about: 'length is 36',
  },
  { what: 'a long name', changed: { environmentName: "'production'" }, code: 'BCP332', about: 'length is 7' },
  { what: 'retention of 3 days', changed: { retentionDays: '3' }, code: 'BCP328', about: 'value is 30' },
  {
    what: 'memory that is not sold',
    changed: { instanceMemoryMB: '1024' },
    code: 'BCP033',
    about: '2048 | 4096 | 512',
  },
  { what: 'too few instances', changed: { maximumInstances: '10' }, code: 'BCP328', about: 'value is 40' },
  { what: 'an unknown deny setting', changed: { denySettings: "'all'" }, code: 'BCP033', about: 'denyDelete' },
  {
    what: 'a registry without its mode',
    changed: { probedRegistries: "[{ id: '/a' }]" },
    code: 'BCP035',
    about: 'abac',
  },
  { what: 'an unknown parameter', changed: { interval: '1' }, code: 'BCP259', about: 'interval' },
];

describe.skipIf(missing !== '')(`Bicep itself${missing === '' ? '' : ` (skipped: ${missing})`}`, () => {
  let copy = '';

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'infra-'));
    await cp(infra, copy, { recursive: true });
  });

  afterAll(async () => {
    await rm(copy, { recursive: true });
  });

  test('every file lints and every parameter file builds without a word', async () => {
    const lint = await run(path, ['lint', '--pattern', join(infra, '**', '*.bicep')]);
    const build = await run(path, ['build-params', '--pattern', join(copy, 'env', '*.bicepparam')]);
    expect([lint.stdout, lint.stderr, build.stdout, build.stderr]).toEqual(['', '', '', '']);
  });

  test('every file is formatted', async () => {
    await run(path, ['format', '--pattern', join(copy, '**', '*.{bicep,bicepparam}')]);
    const files = (await readdir(infra, { recursive: true })).filter((file) => /\.bicep(param)?$/.test(file));
    const unformatted: string[] = [];
    for (const file of files) {
      const before = await readFile(join(infra, file), 'utf8');
      if (before !== (await readFile(join(copy, file), 'utf8'))) unformatted.push(file);
    }
    expect(files.length).toBeGreaterThan(15);
    expect(unformatted).toEqual([]);
  });

  test('a retention that Azure does not have is refused with those that it has', async () => {
    const odd = parameters({ totalRetentionDays: '1000' });
    await expect(snapshotOf(path, infra, odd)).rejects.toThrow(
      'totalRetentionDays (1000) is none that Azure has: up to 730, or 1095, 1460',
    );
  });

  test('less retention in all than at hand is refused with what to do', async () => {
    const odd = parameters({ retentionDays: '90', totalRetentionDays: '60' });
    await expect(snapshotOf(path, infra, odd)).rejects.toThrow(
      'totalRetentionDays (60) is less than retentionDays (90): raise it',
    );
  });

  test.each([
    // Key Vault refuses false, so that absent means off.
    { what: 'neither', changed: {}, arrived: { subnet: null, protection: null } },
    {
      what: 'both',
      changed: { subnetId: `'${subnet}'`, vaultPurgeProtection: 'true' },
      arrived: { subnet, protection: true },
    },
  ])('the subnet of the app and the protection of the vault arrive: $what', async ({ changed, arrived }) => {
    const snapshot = parse(await snapshotOf(path, infra, parameters({ teams: 'true', ...changed })));
    const of = (type: string) =>
      snapshot.predictedResources.find((one: { type: string }) => one.type === type).properties;
    expect({
      subnet: of('Microsoft.Web/sites').virtualNetworkSubnetId,
      protection: of('Microsoft.KeyVault/vaults').enablePurgeProtection,
    }).toEqual(arrived);
  });

  test('nonsense is refused when the parameters are built', async () => {
    const folder = join(copy, 'nonsense');
    await cp(join(copy, 'env'), folder, { recursive: true, filter: (file) => !/\.\w+$/.test(file) });
    for (const [index, { changed }] of nonsense.entries()) {
      await writeFile(join(folder, `n${index}.bicepparam`), parameters(changed));
    }
    await writeFile(join(folder, 'good.bicepparam'), parameters({}));
    const said = await run(path, ['build-params', '--pattern', join(folder, '*.bicepparam')]).then(
      () => '',
      (error: { stderr: string }) => error.stderr,
    );
    const accepted = nonsense.filter(({ code, about }, index) => {
      const lines = said.split('\n').filter((line) => line.includes(`n${index}.bicepparam(`));
      return !lines.some((line) => line.includes(`Error ${code}:`) && line.includes(about));
    });
    expect(accepted.map(({ what }) => what)).toEqual([]);
    expect(said).not.toContain('good.bicepparam');
  });
});
