import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { infra } from './template.ts';

const run = promisify(execFile);
const parts = [
  'deploy.sh',
  'deploy/checks.sh',
  'deploy/kept.sh',
  'deploy/policy.sh',
  'deploy/steps.sh',
  'grant-graph.sh',
];

const found = await run('shellcheck', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!found)(`shellcheck finds nothing${found ? '' : ' (skipped: shellcheck is not installed)'}`, async () => {
  const scripts = ['infra/deploy.sh', 'infra/grant-graph.sh'];
  const { stdout } = await run('shellcheck', ['--external-sources', '--check-sourced', ...scripts], {
    cwd: join(infra, '..'),
  }).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('every script is either run by itself or sourced by one that is', async () => {
  const scripts = (await readdir(infra, { recursive: true })).filter((file) => file.endsWith('.sh')).sort();
  expect(scripts).toEqual(parts);
  const executable: string[] = [];
  for (const script of scripts) {
    if (((await stat(join(infra, script))).mode & 0o111) !== 0) executable.push(script);
  }
  expect(executable).toEqual(['deploy.sh', 'grant-graph.sh']);
});

test.each(parts)('bash parses %s', async (script) => {
  await expect(run('bash', ['-n', join(infra, script)])).resolves.toEqual({ stdout: '', stderr: '' });
});
