import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageEntries } from '../../infra/package.ts';
import { zipOf } from '../../infra/zip.ts';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'package-'));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

test('the archive holds the bundle, the settings of the host and a manifest, and nothing else', async () => {
  await write('host.json', '{}');
  await write(
    'package.json',
    JSON.stringify({
      name: 'acr-warden',
      version: '1.2.3',
      type: 'module',
      main: 'dist/src/functions/*.js',
      scripts: { postinstall: 'x' },
      dependencies: { a: '1' },
    }),
  );
  await write('dist/src/functions/planSweep.js', 'plan');
  await write('dist/src/functions/planSweep.js.map', 'map');
  await write('dist/chunk.js', 'chunk');
  await write('simulator/index.ts', 'simulator');
  await write('test/a.test.ts', 'test');
  const entries = (await packageEntries(root)).map(({ path, content }) => [path, Buffer.from(content).toString()]);
  expect(entries.sort()).toEqual([
    ['dist/chunk.js', 'chunk'],
    ['dist/src/functions/planSweep.js', 'plan'],
    ['host.json', '{}'],
    [
      'package.json',
      '{\n  "name": "acr-warden",\n  "version": "1.2.3",\n  "type": "module",\n  "main": "dist/src/functions/*.js"\n}\n',
    ],
  ]);
});

test('without a bundle there is nothing to package', async () => {
  await expect(packageEntries(root)).rejects.toThrow('there is no dist to package: run npm run build first');
});

test('a manifest without main is refused', async () => {
  await write('host.json', '{}');
  await write('package.json', '{"name":"acr-warden"}');
  await write('dist/a.js', '');
  await expect(packageEntries(root)).rejects.toThrow('package.json has no main');
});

const files = [
  { path: 'b/größe.txt', content: Buffer.from('a line\n'.repeat(1000)) },
  { path: 'a.txt', content: Buffer.alloc(0) },
];

/** Reads an archive by its local headers, as APPNOTE lays them out. */
function unzip(archive: Buffer): { path: string; text: string }[] {
  const found: { path: string; text: string }[] = [];
  let at = 0;
  while (archive.readUInt32LE(at) === 0x04034b50) {
    const packed = archive.readUInt32LE(at + 18);
    const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
    const path = archive.subarray(at + 30, at + 30 + archive.readUInt16LE(at + 26)).toString();
    found.push({ path, text: inflateRawSync(archive.subarray(start, start + packed)).toString() });
    at = start + packed;
  }
  return found;
}

test('what is zipped comes out again, sorted, and the same on any day', () => {
  const archive = zipOf(files);
  expect(unzip(archive)).toEqual([
    { path: 'a.txt', text: '' },
    { path: 'b/größe.txt', text: 'a line\n'.repeat(1000) },
  ]);
  expect(zipOf(files.toReversed()).equals(archive)).toBe(true);
  expect(archive.readUInt16LE(archive.length - 22 + 10)).toBe(2);
});

const found = await promisify(execFile)('unzip', ['-v']).then(
  () => true,
  () => false,
);

test.skipIf(!found)('another program finds the archive sound', async () => {
  const path = join(root, 'a.zip');
  await writeFile(path, zipOf(files));
  const { stdout } = await promisify(execFile)('unzip', ['-t', path]);
  expect(stdout).toContain('No errors detected');
});
