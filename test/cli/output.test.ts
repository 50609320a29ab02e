import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mustBeWritable, writeWhole } from '../../src/cli/outputFile.ts';
import { run, runInShell, runWithoutRoom } from './run.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acr-warden-output-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a file', () => {
  test('is written whole, behind a link too, with the rights that it had', async () => {
    const [file, link] = [join(folder, 'found.json'), join(folder, 'link')];
    await writeWhole(file, 'first');
    await chmod(file, 0o666);
    await symlink(file, link);
    await mustBeWritable(link);
    expect(await readFile(file, 'utf8')).toBe('first');
    await writeWhole(link, 'second');
    expect(await readFile(file, 'utf8')).toBe('second');
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('666');
    expect(await readdir(folder)).toEqual(['found.json', 'link']);
  });

  test.each(['there/found.json', '.'])('%s cannot be written, and nothing is left behind', async (name) => {
    const file = join(folder, name);
    await expect(mustBeWritable(file)).rejects.toThrow(`cannot write ${file}`);
    await expect(writeWhole(file, 'x')).rejects.toThrow(`cannot write ${file}`);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a device takes it as it is', async () => {
    await mustBeWritable('/dev/null');
    await writeWhole('/dev/null', 'x');
    await expect(writeWhole('/dev/full', 'x')).rejects.toThrow('cannot write /dev/full');
  });
});

test('a report for which there is no room leaves the old one as it was', async () => {
  const file = join(folder, 'report.html');
  await writeFile(file, 'the old one');
  const { code, stderr } = await runWithoutRoom(8, [
    'sweep',
    '--simulator',
    'blast',
    '--format',
    'json',
    '--output',
    file,
  ]);
  expect({ code, told: stderr.trim().split('\n').at(-1) }).toEqual({
    code: 1,
    told: expect.stringContaining(`acr-warden: cannot write ${file}: EFBIG`),
  });
  expect([await readFile(file, 'utf8'), await readdir(folder)]).toEqual(['the old one', ['report.html']]);
});

test('a sweep that cannot begin leaves no file', async () => {
  const { code } = await run(['sweep', '--simulator', 'nope', '--output', join(folder, 'report.html')]);
  expect([code, await readdir(folder)]).toEqual([1, []]);
});

test.each<[string, string, string[], number, string]>([
  [
    'whoever reads stops: the exit code is the earned one',
    'set -o pipefail; "$0" "$@" | true',
    ['sweep', '--simulator', 'blast', '--fail-on', 'high'],
    2,
    '',
  ],
  ['nobody reads anything', 'set -o pipefail; "$0" "$@" 2>&1 | true', ['checks'], 0, ''],
])('%s', async (_, script, args, code, told) => {
  const { code: exit, stderr } = await runInShell(script, args);
  expect(exit).toBe(code);
  expect(stderr).not.toMatch(/EPIPE|\n +at /);
  expect(stderr).toContain(told);
});

test.each(['checks', '--help', '--version', 'policy check --help'])('there is no room for %s', async (asked) => {
  expect(await runInShell('"$0" "$@" > /dev/full', asked.split(' '))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^acr-warden: cannot write the output: ENOSPC.*\n$/),
  });
});
