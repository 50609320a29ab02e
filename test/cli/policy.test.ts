import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { meaningOf } from '../../src/cli/policy.ts';
import { DEFAULT_POLICY, parsePolicy } from '../../src/policy.ts';
import { run } from './run.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-policy-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function check(text: string) {
  const file = join(folder, 'warden.yaml');
  await writeFile(file, text);
  const { code: exit, stdout, stderr } = await run(['policy', 'check', file]);
  return { exit, stdout: stdout.replaceAll(folder, '.'), stderr: stderr.replaceAll(folder, '.') };
}

test('a good policy: exit 0, and what it would mean', async () => {
  expect(await check('profile: full\n')).toEqual({
    exit: 0,
    stdout:
      './warden.yaml can be used: every subscription that can be seen, all checks, credentials warned of 30, 14 and 3 days ahead, no network rule, no exception.\n',
    stderr: '',
  });
});

test('a rule behind a wider one is taken, and told', async () => {
  const { exit, stdout } = await check(
    "network: [{ registry: '*', expect: { adminUser: false } }, { registry: shop, expect: { exposure: private } }]\n",
  );
  expect(exit).toBe(0);
  expect(stdout.split('\n').slice(1)).toEqual([
    'The network rule for registry: shop never counts: the one for registry: * comes first.',
    '',
  ]);
});

test('a bad one: exit 1, and every mistake with its place', async () => {
  expect(await check('profile: fulll\nsurprise: 1\n')).toEqual({
    exit: 1,
    stdout: '',
    stderr: `./warden.yaml:1:10: profile: must be auth or full
./warden.yaml:2:1: surprise: unknown key 'surprise'
./warden.yaml cannot be used: 2 mistakes.
`,
  });
});

test('a sweep with a bad one tells every mistake too', async () => {
  const file = join(folder, 'bad.yaml');
  await writeFile(file, 'profile: fulll\nsurprise: 1\n');
  const { code: exit, stderr } = await run(['sweep', '--simulator', 'quiet', '--policy', file]);
  expect({ exit, lines: stderr.trim().split('\n').length }).toEqual({ exit: 1, lines: 2 });
});

test('the parts in which policies differ, counted; an exception that has ended is told apart', () => {
  const policy = parsePolicy(
    `scope: { subscriptions: [aaaaaaaa-0000-0000-0000-000000000001], exclude: { tags: { acr-warden: ignore } } }
checks: { trusted-services-bypass: off, usage-near-limit: low }
exceptions:
  - { check: admin-account-enabled, registry: a, owner: o, reason: r, until: 2026-11-23 }
  - { check: admin-account-enabled, registry: b, owner: o, reason: r, until: 2026-11-24 }
network: [{ registry: '*', expect: { exposure: private } }]
vaults: [{ url: 'https://kv1.vault.azure.net' }]
integrations: [{ cluster: aks, registry: shop }]
probe: { registries: [shop] }
`,
    'warden.yaml',
  );
  expect(meaningOf(policy, '2026-11-24T06:00:00Z')).toBe(
    '1 subscription without registries tagged acr-warden: ignore, all checks but hygiene, 1 switched off, 1 with another severity, credentials warned of 30, 14 and 3 days ahead, 1 network rule, 2 exceptions (1 of them ended), 1 vault, 1 integration, 1 pattern of registries to probe, which nothing does yet',
  );
});

test('management groups', () => {
  const policy = { ...DEFAULT_POLICY, scope: { managementGroups: ['a', 'b'], excludeTags: {} } };
  expect(meaningOf(policy, '2026-11-24T06:00:00Z')).toMatch(/^what is below 2 management groups, /);
});
