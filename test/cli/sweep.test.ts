import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadEstate } from '../../simulator/index.ts';
import { sweepCommand } from '../../src/cli/sweep.ts';
import { SUB } from '../build.ts';
import { type Ran, run } from './run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a sweep wrote as JSON. */
async function documentOf(file: string): Promise<Record<string, Record<string, unknown>[]> & { sweep: object }> {
  return JSON.parse(await readFile(file, 'utf8'));
}

describe('how it ends', () => {
  test('2: guide has findings as bad as was asked for', async () => {
    const { code, stdout, stderr } = await run(['sweep', '--simulator', 'guide', '--fail-on', 'high']);
    expect(code).toBe(2);
    expect(stdout).toContain('token-password-expired');
    // No colour and no cursor movement into a pipe.
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
    expect(stderr).toMatch(/Swept 3 subscriptions, 15 registries with \d+ requests, as of 2026-11-24T06:00:00\.000Z\./);
  });

  test('0: quiet has no finding at all', async () => {
    const { code, stdout } = await run(['sweep', '--simulator', 'quiet', '--fail-on', 'info', '--strict']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing found.\n' });
  });

  test('3: forbidden could not be read in full, and each missing permission is named', async () => {
    const output = join(folder, 'forbidden.json');
    const { code, stderr } = await run([
      'sweep',
      '--simulator',
      'forbidden',
      '--strict',
      '--format',
      'json',
      '--output',
      output,
    ]);
    expect(code).toBe(3);
    const spine = [
      'Microsoft.ContainerRegistry/registries/read',
      'Microsoft.ContainerRegistry/registries/tokens/read',
      'Microsoft.ContainerRegistry/registries/scopeMaps/read',
      'Microsoft.Authorization/roleAssignments/read',
      'Microsoft.Authorization/roleDefinitions/read',
    ];
    expect(loadEstate('forbidden').denied?.map(({ action }) => action)).toEqual(expect.arrayContaining(spine));
    expect(spine.filter((permission) => !stderr.includes(`needs ${permission}`))).toEqual([]);
    const { findings = [] } = await documentOf(output);
    const fixes = findings.filter(({ checkId }) => checkId === 'unreadable-scope').map(({ fix }) => String(fix));
    // The command that grants it, with the identity that was refused.
    const granting =
      /^az role assignment create --assignee-object-id [0-9a-f-]{36} --role \S+ --scope \/subscriptions\/\S+ # grants /;
    expect(fixes.filter((fix) => fix.includes('roleAssignments/read') && granting.test(fix)).length).toBe(1);
  });

  test('1: what is seen is all of another tenant', async () => {
    const estate = join(folder, 'elsewhere.json');
    await writeFile(estate, JSON.stringify({ ...loadEstate('quiet'), tenantId: SUB }));
    const { code, stderr } = await run(['sweep', '--simulator', estate]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`no subscription of tenant ${SUB} is visible`)]);
  });

  describe('1: the workspace takes no rows', () => {
    const why =
      "(403: The authentication token provided does not have access to ingest data for the data collection rule with immutable Id 'dcr-00000000000000000000000000005a1e'.).";
    const publishing = async (...args: string[]): Promise<Ran> => {
      const estate = join(folder, 'no-rows.json');
      await writeFile(estate, JSON.stringify({ ...loadEstate('quiet'), denied: [{ action: 'ingestion:write' }] }));
      return run(['sweep', '--simulator', estate, '--publish', ...args]);
    };

    test('without a state they are lost', async () => {
      const { code, stdout, stderr } = await publishing();
      expect({ code, stdout }).toEqual({ code: 1, stdout: 'Nothing found.\n' });
      expect(stderr).toMatch(/^Log Analytics did not take \d+ rows: without --state they are lost \(403: /m);
      expect(stderr).toContain(why);
    });

    test('with one they wait there', async () => {
      const state = join(folder, 'waiting');
      const { code, stderr } = await publishing('--state', state);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`they wait in ${state} for the next delivery ${why}`),
      ]);
    });
  });

  test.each(['sweep', 'init'])('1, in one sentence: no login for %s', async (command) => {
    const env = { AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential', PATH: '' };
    const { code, stdout, stderr } = await run([command, '--output', join(folder, 'none')], env);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `acr-warden: not signed in to Azure: run "az login" first, or try "acr-warden ${command} --simulator guide"\n`,
    });
  });
});

/** What the command says when it refuses its arguments. */
async function refusal(args: string[]): Promise<string> {
  let said = '';
  const write = (text: string): void => {
    said += text;
  };
  const command = sweepCommand().exitOverride().configureOutput({ writeErr: write, writeOut: write });
  try {
    await command.parseAsync(args, { from: 'user' });
  } catch (error) {
    return `${said}${error instanceof Error ? error.message : String(error)}`;
  }
  throw new Error('nothing was refused');
}

describe('bad input is named before anything is asked of Azure', () => {
  const cases: [string, string[], string][] = [
    ['an estate that is not there', ['--simulator', 'nope'], "estate 'nope': there is no simulator/estates/nope.json"],
    [
      'a policy that is not there',
      ['--simulator', 'guide', '--policy', '/nope.yaml'],
      'cannot read the policy /nope.yaml',
    ],
    ['an option with a typing mistake', ['--simulatr', 'guide'], 'Did you mean --simulator?'],
    ['a time that is none', ['--now', 'yesterday'], 'It must be a time like 2026-11-24T06:00:00Z.'],
    ['a severity that is none', ['--fail-on', 'awful'], 'Allowed choices are critical, high, medium, low, info.'],
    ['two places at once', ['--simulator', 'guide', '--subscription', SUB], 'cannot be used with option'],
    ['a subscription by its name', ['--subscription', SUB, 'Prod'], "It must be a subscription's id, a guid"],
    ['a state that is no place', ['--simulator', 'guide', '--state', 'https://'], 'https:// is neither'],
    [
      'a file that cannot be written',
      ['--simulator', 'guide', '--output', '/nope/found.json'],
      'cannot write /nope/found.json',
    ],
    [
      'Azure as of another time, to be kept',
      ['--now', '2030-01-01T00:00:00Z', '--state', '/nope'],
      '--now is for looking at Azure only: what --state keeps must be of the time at which it was seen. Leave out --now',
    ],
    [
      'Azure as of another time, to be published',
      ['--now', '2020-01-01T00:00:00Z', '--publish'],
      '--now is for looking at Azure only: what --publish sends must be of the time at which it was seen. Leave out --now',
    ],
    ['nowhere to publish to', ['--publish'], '--publish needs the settings DCR_ENDPOINT and DCR_RULE_ID'],
  ];
  test.each(cases)('%s', async (_what, args, words) => {
    expect(await refusal(args)).toContain(words);
  });

  test('an estate with mistakes: all of them', async () => {
    const estate = join(folder, 'bad.json');
    await writeFile(estate, '{ "resorces": [] }');
    const { code, stderr } = await run(['sweep', '--simulator', estate]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${estate} is not an estate file:\n  tenantId: `);
    expect(stderr).toContain('resorces');
  });

  test('a policy with mistakes: all of them', async () => {
    const policy = join(folder, 'bad.yaml');
    await writeFile(policy, 'profil: auth\nchecks: { admin: off }\n');
    expect((await refusal(['--simulator', 'guide', '--policy', policy])).split('\n').sort()).toEqual([
      `${policy}:1:1: profil: unknown key 'profil'`,
      `${policy}:2:11: checks.admin: there is no check 'admin'; acr-warden checks lists them`,
    ]);
  });
});

describe('what it writes', () => {
  test.each([
    ['the same to a file from a terminal as from a pipe', true],
    ['a file from a pipe', false],
  ])('table: %s', async (_what, isTTY) => {
    const { stdout } = process;
    const before = { isTTY: stdout.isTTY, columns: stdout.columns };
    const output = join(folder, 'found.txt');
    try {
      Object.assign(stdout, { isTTY, columns: 200 });
      await sweepCommand().parseAsync(['--simulator', 'blast', '--output', output], { from: 'user' });
    } finally {
      Object.assign(stdout, before);
    }
    const text = await readFile(output, 'utf8');
    expect(text).not.toContain('\u001b');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(120);
  });

  test('json: a whole document in camelCase; with a state, the second sweep knows the first', async () => {
    const state = join(folder, 'state');
    const sweep = (...args: string[]): Promise<Ran> =>
      run(['sweep', '--simulator', 'blast', '--format', 'json', '--state', state, ...args]);
    const { stdout, stderr, code } = await sweep();
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['sweep', 'findings', 'credentials', 'registries', 'changes', 'gaps']);
    expect(document.sweep).toMatchObject({
      rowKind: 'closed',
      outcome: 'complete',
      registriesSeen: 14,
      sweepId: '20261124T060000Z',
    });
    expect(document.registries.length).toBe(14);
    const secret = document.findings.find(
      ({ checkId }: { checkId: string }) => checkId === 'principal-secret-expiring',
    );
    expect(secret).toMatchObject({
      severity: 'high',
      status: 'new',
      registryName: '',
      expiresOn: '2026-12-14T06:00:00.000Z',
    });
    expect(secret.evidence.registries.length).toBe(14);
    // Progress and the summary go elsewhere, so that a program can read stdout.
    expect(stderr).toContain('Swept 3 subscriptions');

    const output = join(folder, 'second.json');
    await sweep('--now', '2026-11-24T07:00:00Z', '--output', output);
    const { findings = [] } = await documentOf(output);
    expect(new Set(findings.map(({ status }) => status))).toEqual(new Set(['ongoing']));
    expect(new Set(findings.map(({ firstSeen }) => firstSeen))).toEqual(new Set(['2026-11-24T06:00:00.000Z']));
  });
});
