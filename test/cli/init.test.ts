import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePolicy } from '../../src/policy.ts';
import { run } from './run.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-init-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('init writes a policy with a rule for each registry of the estate; nothing of it contradicts itself', async () => {
  const file = join(folder, 'guide.yaml');
  const { code, stderr } = await run(['init', '--simulator', 'guide', '--output', file]);
  expect({ code, told: stderr.split('\n').at(-2) }).toEqual({
    code: 0,
    told: `Wrote ${file}. Read it: it expects of each registry what it is like today.`,
  });
  const { network, owners } = parsePolicy(await readFile(file, 'utf8'), file);
  expect(network).toHaveLength(15);
  expect(owners).toEqual({ tags: ['owner'] });
});

test('a file that is there is not written over', async () => {
  const file = join(folder, 'mine.yaml');
  await writeFile(file, 'profile: full\n');
  expect(await run(['init', '--simulator', 'blast', '--output', file])).toEqual({
    code: 1,
    stdout: '',
    // Before anything was swept for it.
    stderr: `acr-warden: ${file}: it is there already; --force writes over it\n`,
  });
  expect(await readFile(file, 'utf8')).toBe('profile: full\n');
});

test('a file that cannot be written is known before anything is swept for it', async () => {
  const file = join(folder, 'none', 'warden.yaml');
  const { code, stderr } = await run(['init', '--simulator', 'blast', '--output', file]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^acr-warden: cannot write \S+warden\.yaml: ENOENT/)]);
});

test('sweep --explain-mutes tells what the exceptions of a policy mute, instead of findings', async () => {
  const file = join(folder, 'mutes.yaml');
  const exception =
    '{ check: admin-account-enabled, registry: contoso*, owner: ana, reason: why not, until: 2027-01-01 }';
  await writeFile(
    file,
    `exceptions:\n  - ${exception}\nnetwork:\n  - { registry: nowhere, expect: { exposure: private } }\nintegrations:\n  - { cluster: nothing, registry: nowhere }\n`,
  );
  const { code, stdout, stderr } = await run(['sweep', '--simulator', 'quiet', '--policy', file, '--explain-mutes']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'admin-account-enabled on contoso* until 2027-01-01 (ana: why not)\n  mutes 0 of 0 open findings\n',
  });
  expect(stderr).toContain('The network rule for registry: nowhere fits no registry.\n');
  expect(stderr).toContain(
    'The integration of cluster nothing with registry nowhere fits no cluster that was swept.\n',
  );
});

test.each([
  ['--publish', []],
  ['--state', ['folder']],
  ['--format', ['json']],
])('sweep --explain-mutes is a preview, as text: not with %s', async (flag, values) => {
  const { code, stderr } = await run(['sweep', '--simulator', 'quiet', '--explain-mutes', flag, ...values]);
  expect(code).toBe(1);
  expect(stderr).toContain('cannot be used with option');
});

test('what is muted does not fail a sweep, and is shown apart', async () => {
  const file = join(folder, 'all.yaml');
  const checks = [
    'admin-account-enabled',
    'public-network-access-enabled',
    'token-password-expiring',
    'token-password-expired',
  ];
  const lines = checks.map(
    (check) => `  - { check: ${check}, registry: 'contosodir*', owner: ana, reason: why not, until: 2027-01-01 }\n`,
  );
  await writeFile(file, `exceptions:\n${lines.join('')}`);
  const { stdout, stderr } = await run(['sweep', '--simulator', 'forbidden-directory', '--policy', file]);
  expect(stdout).toContain('accepted by ana until 2027-01-02 00:00 UTC: why not');
  expect(stderr).toMatch(/Muted by exceptions of the policy: \d more\./);
});
