import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import { run, start } from './run.ts';

describe('checks', () => {
  test('lists each check once', async () => {
    const { code, stdout } = await run(['checks']);
    expect(code).toBe(0);
    const lines = stdout.split('\n').slice(0, CHECKS.length);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(CHECKS.map(({ id }) => id));
  });

  test('explains one', async () => {
    const { code, stdout } = await run(['checks', 'admin-account-enabled']);
    expect(code).toBe(0);
    expect(stdout).toContain('admin-account-enabled: Registry admin account is enabled');
    for (const heading of ['What', 'Why', 'How it is decided', 'Fix', 'When to ignore'])
      expect(stdout).toContain(heading);
    expect(stdout).toContain('Microsoft.ContainerRegistry/registries/read');
  });

  test.each([
    ['public-access-drift', true],
    ['anonymous-pull-enabled', true],
    ['quarantine-disabled', false],
  ])('the activity log is for those that say who: %s %s', async (id, expected) => {
    const { stdout } = await run(['checks', id]);
    expect(stdout.includes('Microsoft.Insights/eventtypes/values/read')).toBe(expected);
  });

  test('knows no other', async () => {
    expect(await run(['checks', 'admin'])).toEqual({
      code: 1,
      stdout: '',
      stderr: "acr-warden: there is no check 'admin'; acr-warden checks lists them\n",
    });
  });
});

describe('the program', () => {
  test('says what there is', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of ['demo', 'sweep', 'checks', 'simulate'])
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });
  test('says what each command is, and what it takes', async () => {
    for (const command of ['policy', 'simulate']) {
      const { stdout } = await run(['help', command]);
      expect(stdout).toMatch(new RegExp(`^Usage: acr-warden ${command} \\[options\\].*\n\n\\w`));
    }
  });
  test('does not load its commands to say so', async () => {
    const hook =
      "import{registerHooks}from'node:module';registerHooks({load(url,...rest){process.stderr.write(url+'\\n');return rest[1](url,rest[0])}})";
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
    for (const option of ['--help', '--version']) {
      const { stderr } = await run([option], env);
      const own = stderr.split('\n').filter((url) => url.endsWith('.ts'));
      expect(own.map((url) => url.slice(url.lastIndexOf('/src/')))).toEqual([
        '/src/cli/main.ts',
        '/src/causes.ts',
        '/src/version.ts',
      ]);
    }
  });
  test.each<[string, string[], string]>([
    ['sweep', ['--state', 'a', '--strict', '--state', 'b'], '--state <folder|url>'],
    ['baseline', ['show', '--format', 'json', '--format=table', '--state', 'a'], '--format <format>'],
  ])('refuses a value that is given twice: %s', async (command, args, flags) => {
    const { code, stderr } = await run([command, ...args]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`error: option '${flags}' is given twice; it takes one value\n`),
    ]);
  });
  test('guesses what was meant', async () => {
    const { code, stderr } = await run(['chekcs']);
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean checks?');
  });
});

test('simulate: a server that another sweep can be pointed at, until Ctrl+C', async () => {
  const server = start(['simulate', '--estate', 'blast']);
  server.stdin.end();
  let said = '';
  server.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const told = await new Promise<string>((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('DCR_RULE_ID=')) resolve(text);
    });
    server.once('exit', () => reject(new Error(`simulate ended: ${text}`)));
  });
  const env = Object.fromEntries(
    told
      .trim()
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(Object.keys(env)).toEqual(
    expect.arrayContaining(['SIMULATOR_URL', 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'DCR_ENDPOINT', 'DCR_RULE_ID']),
  );
  expect(env.SIMULATOR_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const { code, stdout } = await run(['sweep', '--now', '2026-11-24T06:00:00Z', '--publish'], env);
  expect(code).toBe(0);
  expect(stdout).toContain('principal-secret-expiring');
  expect(said).toContain('set all of these variables in the shell in which you sweep it. Ctrl+C ends it.\n');
  server.kill('SIGINT');
  const ended = await new Promise((resolve) => server.once('exit', resolve));
  expect(ended).toBe(0);
});

/** What lies in the folder of the results before the demo. */
const LEFT = {
  own: ['cards/postcard.txt', 'cards/holiday.json', 'rows/seats.json'],
  ofAnEarlierDemo: ['cards/9999.json', 'rows/AcrWardenOld_CL.json'],
};

describe('demo', () => {
  let out: string;
  let said: string;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'acr-warden-demo-out-'));
    for (const name of Object.values(LEFT).flat()) {
      await mkdir(dirname(join(out, name)), { recursive: true });
      await writeFile(join(out, name), 'of before');
    }
    const { code, stdout, stderr } = await run(['demo', '--out', out], { TMPDIR: await mkdtemp(join(out, 'tmp-')) });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    said = stdout;
  });
  afterAll(() => rm(out, { recursive: true, force: true }));

  test('shows the first two sweeps and every status', () => {
    expect(said).toContain('First sweep of estate guide, 2026-11-24T06:00:00.000Z');
    expect(said).toContain('Two hours later, 2026-11-24T08:00:00.000Z');
    for (const status of ['new', 'changed', 'ongoing', 'resolved', 'unverified']) {
      expect(said).toMatch(new RegExp(`^ +[1-9]\\d* ${status} `, 'm'));
    }
  });

  test('tells what alerts were raised, and keeps them and the cards as they leave Azure', async () => {
    expect(said).toMatch(/^ +\d+ × Fired:Sev1 Azure Monitor Alert finding-critical on /m);
    expect(said).toMatch(/^ +\d+ × Resolved:Sev2 Azure Monitor Alert finding-high on /m);
    const alerts: { payload: { schemaId: string } }[] = JSON.parse(await readFile(join(out, 'alerts.json'), 'utf8'));
    expect(new Set(alerts.map(({ payload }) => payload.schemaId))).toEqual(new Set(['azureMonitorCommonAlertSchema']));
    const cards = await readdir(join(out, 'cards'));
    expect(cards.length).toBeGreaterThan(20);
    expect(JSON.parse(await readFile(join(out, 'cards', cards[0] ?? ''), 'utf8'))).toMatchObject({ type: 'message' });
  });

  test('tells who opened what, who accepted it, and how either ends', () => {
    expect(said).toContain(
      'contosopay: exposure is public, expected private (first seen on 2026-11-24). Changed by ana@contoso.com',
    );
    expect(said).toMatch(/^ +Accepted by tomas\.novak@contoso\.com, ".+": contososhop: accepted adminUser = true$/m);
    expect(said).toContain('  2026-11-24T09:00:00.000Z: contososhop resolved (accepted)\n');
    expect(said).toContain('  2026-11-24T09:00:00.000Z: contosopay resolved (fixed)\n');
  });

  test('writes a report, the findings and the rows as they arrived', async () => {
    expect(await readdir(out)).toEqual(expect.arrayContaining(['findings.json', 'report.html', 'rows']));
    expect(await readdir(join(out, 'rows'))).toEqual(
      expect.arrayContaining(['AcrWardenFindings_CL.json', 'AcrWardenRegistries_CL.json', 'AcrWardenSweeps_CL.json']),
    );
    const sweeps: Record<string, unknown>[] = JSON.parse(
      await readFile(join(out, 'rows', 'AcrWardenSweeps_CL.json'), 'utf8'),
    );
    expect(sweeps.filter(({ RowKind }) => RowKind === 'closed').map(({ SweepId }) => SweepId)).toEqual([
      '20261124T060000Z',
      '20261124T080000Z',
      '20261124T090000Z',
    ]);
    for (const file of said.match(/^ {2}\S+\.(json|html)$/gm) ?? []) await readFile(file.trim());
  });

  test('clears away what an earlier demo left, nothing of anybody else, and its own state', async () => {
    const files = await readdir(out, { recursive: true });
    expect(
      Object.values(LEFT)
        .flat()
        .filter((name) => files.includes(name)),
    ).toEqual(LEFT.own);
    expect(files.filter((name) => name.includes('acr-warden-demo-'))).toEqual([]);
  });

  test('says at once where it cannot write', async () => {
    const file = join(out, 'report.html');
    const { code, stdout, stderr } = await run(['demo', '--out', file]);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(
        `acr-warden: the results cannot be written into ${file}: name another folder with --out`,
      ),
    });
  });

  test('the page is one file that asks for nothing and escapes what it shows', async () => {
    const page = await readFile(join(out, 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/(src|href)="https?:/);
  });

  test('no planted secret is in anything that it says or writes', async () => {
    const names = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const texts = await Promise.all(names.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')));
    expect(names.length).toBeGreaterThan(5);
    expect([said, ...texts].filter((text) => text.includes('PLANTED'))).toEqual([]);
  });

  test('ends by saying what to look at next', () => {
    expect(said).toContain('report.html');
    expect(said.trim().split('\n').at(-1)).toContain('npm run warden -- ');
  });
});
